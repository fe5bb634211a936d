// Times of caption rows, and the field of a row by its name.
export const part = (row, name) => row.querySelector(`[name=${name}]`);

/** `MM:SS.mmm` of milliseconds. */
export const write = (ms) => {
  const whole = Math.max(0, Math.round(ms));
  const pad = (n, size) => String(n).padStart(size, '0');
  return `${pad(Math.floor(whole / 60000), 2)}:${pad(Math.floor(whole / 1000) % 60, 2)}.${pad(whole % 1000, 3)}`;
};

/** Milliseconds of `[H:]MM:SS[.mmm]`; NaN when it cannot be read. */
export const read = (text) => {
  const match = text.trim().match(/^(?:(\d+):)?(\d+):(\d+(?:[.,]\d+)?)$/);
  return match ? ((Number(match[1] ?? 0) * 60 + Number(match[2])) * 60 + Number(match[3].replace(',', '.'))) * 1000 : NaN;
};

export const startOf = (row) => read(part(row, 'start').value);
export const endOf = (row) => read(part(row, 'end').value);
