//! Reading the format E5S1: sizes, unigram pieces, a table of characters, and matrices in 4-bit blocks.

use anyhow::{Context, bail, ensure};
use std::collections::{BTreeMap, HashMap};

/// Weights in a block that share a scale, and the bytes of a block: the scale, then two weights a byte.
const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 2 + BLOCK / 2;
/// No size of the header may be larger: a damaged file must not ask for all memory.
const MOST: usize = 10_000_000;

/// The content of the file.
pub(super) struct E5s1<'a> {
    bytes: &'a [u8],
    pub(super) width: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    pub(super) wide: usize,
    pub(super) positions: usize,
    pub(super) types: usize,
    pub(super) pieces: Vec<(String, f32)>,
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) padding: usize,
    pub(super) unknown: usize,
    /// What each character becomes before the text is cut into pieces.
    pub(super) characters: BTreeMap<char, String>,
    tensors: HashMap<String, Place>,
}

struct Place {
    kind: u8,
    count: usize,
    at: usize,
    bytes: usize,
}

impl<'a> E5s1<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> anyhow::Result<E5s1<'a>> {
        let mut reader = Reader { bytes, at: 0 };
        ensure!(reader.take(4)? == b"E5S1", "its first four bytes are not E5S1");
        let _version = reader.u32()?;
        let mut size = || reader.size();
        let [width, layers, heads, wide, _words, positions, types] =
            [size()?, size()?, size()?, size()?, size()?, size()?, size()?];
        let _epsilon = reader.f32()?;
        ensure!(reader.size()? == BLOCK, "its blocks are not of {BLOCK} weights");
        let count = reader.size()?;
        let [begin, end, padding, unknown] = [reader.size()?, reader.size()?, reader.size()?, reader.size()?];
        let pieces = read_pieces(&mut reader, count)?;
        ensure!(count > begin.max(end).max(padding).max(unknown), "a special piece is missing");
        let characters = read_characters(&mut reader)?;
        let tensors = read_directory(&mut reader)?;
        Ok(E5s1 {
            bytes,
            width,
            layers,
            heads,
            wide,
            positions,
            types,
            pieces,
            begin,
            end,
            padding,
            unknown,
            characters,
            tensors,
        })
    }

    /// The index of a piece by its text.
    pub(super) fn piece(&self, text: &str) -> anyhow::Result<usize> {
        let at = self.pieces.iter().position(|(piece, _)| piece == text);
        at.with_context(|| format!("the piece {text} is missing"))
    }

    /// A tensor of plain numbers.
    pub(super) fn plain(&self, name: &str) -> anyhow::Result<Vec<f32>> {
        let (place, bytes) = self.tensor(name, 0)?;
        ensure!(bytes.len() == place.count * 4, "{name} has another size than it says");
        Ok(bytes
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect())
    }

    /// The rows of a 4-bit matrix of `width` columns: those asked for, or all.
    pub(super) fn rows(
        &self,
        name: &str,
        width: usize,
        wanted: Option<&[usize]>,
    ) -> anyhow::Result<Vec<f32>> {
        let (place, bytes) = self.tensor(name, 1)?;
        ensure!(
            width > 0 && width.is_multiple_of(BLOCK) && place.count.is_multiple_of(width),
            "{name} has an odd width"
        );
        let row_bytes = width / BLOCK * BLOCK_BYTES;
        ensure!(bytes.len() == place.count / width * row_bytes, "{name} has another size than it says");
        let all: Vec<usize>;
        let wanted = match wanted {
            Some(wanted) => wanted,
            None => {
                all = (0..place.count / width).collect();
                &all
            }
        };
        let mut numbers = Vec::with_capacity(wanted.len() * width);
        for row in wanted {
            let bytes = bytes.get(row * row_bytes..(row + 1) * row_bytes).context("a row is missing")?;
            bytes.chunks_exact(BLOCK_BYTES).for_each(|block| unpack(block, &mut numbers));
        }
        Ok(numbers)
    }

    fn tensor(&self, name: &str, kind: u8) -> anyhow::Result<(&Place, &'a [u8])> {
        let place = self.tensors.get(name).with_context(|| format!("{name} is missing"))?;
        ensure!(place.kind == kind, "{name} is of another kind");
        let end = place.at.checked_add(place.bytes);
        let bytes = end.and_then(|end| self.bytes.get(place.at..end));
        Ok((place, bytes.with_context(|| format!("{name} is cut off"))?))
    }
}

/// One block: half a byte a weight, the low halves first, 8 standing for zero, times the scale.
fn unpack(block: &[u8], into: &mut Vec<f32>) {
    let scale = half::f16::from_le_bytes([block[0], block[1]]).to_f32();
    let weight = |half: u8| (f32::from(half) - 8.0) * scale;
    into.extend(block[2..].iter().map(|byte| weight(byte & 15)));
    into.extend(block[2..].iter().map(|byte| weight(byte >> 4)));
}

fn read_pieces(reader: &mut Reader, count: usize) -> anyhow::Result<Vec<(String, f32)>> {
    let text_bytes = reader.long()?;
    let offsets =
        (0..=count).map(|_| reader.u32().map(|at| at as usize)).collect::<anyhow::Result<Vec<_>>>()?;
    let scores = (0..count).map(|_| reader.f32()).collect::<anyhow::Result<Vec<_>>>()?;
    let text = reader.take(text_bytes)?;
    let piece = |(at, score): (usize, f32)| {
        let bytes = text.get(offsets[at]..offsets[at + 1]).context("a piece lies outside of its text")?;
        Ok((std::str::from_utf8(bytes).context("a piece is not UTF-8")?.to_owned(), score))
    };
    scores.into_iter().enumerate().map(piece).collect()
}

fn read_characters(reader: &mut Reader) -> anyhow::Result<BTreeMap<char, String>> {
    let (count, bytes) = (reader.size()?, reader.u32()? as usize);
    let end = reader.at + bytes;
    let mut characters = BTreeMap::new();
    for _ in 0..count {
        let from = reader.character()?;
        let length = reader.take(1)?[0];
        let to = (0..length).map(|_| reader.character()).collect::<anyhow::Result<String>>()?;
        characters.insert(from, to);
    }
    ensure!(reader.at == end, "the table of characters has another size than it says");
    Ok(characters)
}

fn read_directory(reader: &mut Reader) -> anyhow::Result<HashMap<String, Place>> {
    let count = reader.size()?;
    let mut tensors = HashMap::new();
    for _ in 0..count {
        let length = usize::from(u16::from_le_bytes(reader.array()?));
        let name =
            std::str::from_utf8(reader.take(length)?).context("a tensor's name is not UTF-8")?.to_owned();
        let kind = reader.take(1)?[0];
        let place = Place { kind, count: reader.u32()? as usize, at: reader.long()?, bytes: reader.long()? };
        tensors.insert(name, place);
    }
    Ok(tensors)
}

/// Goes through the bytes; what is not there is an error.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> anyhow::Result<&'a [u8]> {
        let end = self.at.checked_add(count);
        let Some(taken) = end.and_then(|end| self.bytes.get(self.at..end)) else {
            bail!("it ends too early")
        };
        self.at += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> anyhow::Result<[u8; N]> {
        Ok(self.take(N)?.try_into()?)
    }

    fn u32(&mut self) -> anyhow::Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn f32(&mut self) -> anyhow::Result<f32> {
        Ok(f32::from_le_bytes(self.array()?))
    }

    fn size(&mut self) -> anyhow::Result<usize> {
        let size = usize::try_from(i32::from_le_bytes(self.array()?)).context("a size is negative")?;
        ensure!(size <= MOST, "a size is beyond reason");
        Ok(size)
    }

    fn long(&mut self) -> anyhow::Result<usize> {
        Ok(usize::try_from(u64::from_le_bytes(self.array()?))?)
    }

    fn character(&mut self) -> anyhow::Result<char> {
        char::from_u32(self.u32()?).context("a character is none")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_gives_its_low_halves_first_and_eight_is_zero() {
        let mut block = [0x88u8; BLOCK_BYTES];
        block[..2].copy_from_slice(&half::f16::from_f32(0.5).to_le_bytes());
        block[2] = 0xF9;
        let mut numbers = Vec::new();
        unpack(&block, &mut numbers);
        assert_eq!((numbers.len(), numbers[0], numbers[1], numbers[16]), (32, 0.5, 0.0, 3.5));
    }

    #[test]
    fn what_is_not_whole_is_refused_and_asks_for_no_memory() {
        for bytes in [&b""[..], b"E5S1", b"GGUF\0\0\0\0", &[b"E5S1".as_slice(), &[0x7f; 200]].concat()] {
            assert!(E5s1::parse(bytes).is_err());
        }
    }
}
