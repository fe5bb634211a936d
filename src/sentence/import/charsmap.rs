//! The table of characters in the form that tokenizers read: SentencePiece's compiled map, a double array (Darts) over
//! the bytes of each character, and the replacements, each ended by a zero byte.

use std::collections::{BTreeMap, HashMap, HashSet};

/// A unit holds the jump to its children shifted by this, a flag for "has a leaf", and its byte.
const JUMP_SHIFT: u32 = 10;
const HAS_LEAF: u32 = 1 << 8;
const LEAF: u32 = 1 << 31;
/// The largest jump that the format holds without its extension.
const MOST_JUMP: usize = 1 << 21;
/// Units are added by this many, so that every child of a base has its place.
const PAGE: usize = 256;

/// Compiles the table.
pub(super) fn compile(characters: &BTreeMap<char, String>) -> Vec<u8> {
    let (mut texts, mut places, mut keys) = (Vec::new(), HashMap::new(), BTreeMap::new());
    for (from, to) in characters {
        let place = *places.entry(to.as_str()).or_insert_with(|| {
            let place = texts.len() as u32;
            texts.extend_from_slice(to.as_bytes());
            texts.push(0);
            place
        });
        keys.insert(from.to_string().into_bytes(), place);
    }
    let units = DoubleArray::over(&keys).units;
    let mut compiled = ((units.len() * 4) as u32).to_le_bytes().to_vec();
    compiled.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    compiled.extend(texts);
    compiled
}

struct DoubleArray {
    units: Vec<u32>,
    used: Vec<bool>,
    bases: HashSet<usize>,
}

/// A node that is still to be placed: its unit, and the keys that pass through it from this depth on.
type Waiting<'a> = (usize, usize, Vec<(&'a [u8], u32)>);

impl DoubleArray {
    fn over(keys: &BTreeMap<Vec<u8>, u32>) -> DoubleArray {
        let mut array = DoubleArray { units: vec![0; PAGE], used: vec![false; PAGE], bases: HashSet::new() };
        array.used[0] = true;
        let all: Vec<(&[u8], u32)> = keys.iter().map(|(key, value)| (key.as_slice(), *value)).collect();
        let mut waiting: Vec<Waiting> = vec![(0, 0, all)];
        while let Some((at, depth, keys)) = waiting.pop() {
            waiting.extend(array.place(at, depth, &keys));
        }
        array
    }

    /// Places the children of one node and returns those that have children themselves. A key's end is the child zero.
    fn place<'a>(&mut self, at: usize, depth: usize, keys: &[(&'a [u8], u32)]) -> Vec<Waiting<'a>> {
        let mut children: BTreeMap<u8, Vec<(&'a [u8], u32)>> = BTreeMap::new();
        for (key, value) in keys {
            children.entry(key.get(depth).copied().unwrap_or(0)).or_default().push((key, *value));
        }
        let base = self.free_base(at, children.keys());
        self.bases.insert(base);
        self.units[at] |= ((base ^ at) as u32) << JUMP_SHIFT;
        let mut waiting = Vec::new();
        for (byte, keys) in children {
            let child = base ^ usize::from(byte);
            self.used[child] = true;
            if byte == 0 {
                self.units[at] |= HAS_LEAF;
                self.units[child] = keys[0].1 | LEAF;
            } else {
                self.units[child] = u32::from(byte);
                waiting.push((child, depth + 1, keys));
            }
        }
        waiting
    }

    fn free_base<'b>(&mut self, at: usize, bytes: impl Iterator<Item = &'b u8> + Clone) -> usize {
        let mut base = 1;
        loop {
            while base | (PAGE - 1) >= self.units.len() {
                self.units.resize(self.units.len() + PAGE, 0);
                self.used.resize(self.units.len(), false);
            }
            let fits = bytes.clone().all(|byte| !self.used[base ^ usize::from(*byte)]);
            if fits && (base ^ at) < MOST_JUMP && !self.bases.contains(&base) {
                return base;
            }
            base += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks a character up as the format prescribes.
    fn look_up(compiled: &[u8], c: char) -> Option<String> {
        let size = u32::from_le_bytes(compiled[..4].try_into().unwrap()) as usize;
        let unit =
            |at: usize| u32::from_le_bytes(compiled[4 + at * 4..8 + at * 4].try_into().unwrap()) as usize;
        let mut at = unit(0) >> JUMP_SHIFT;
        for byte in c.to_string().bytes() {
            at ^= usize::from(byte);
            if unit(at) & (LEAF as usize | 0xff) != usize::from(byte) {
                return None;
            }
            if unit(at) & HAS_LEAF as usize != 0 {
                let place = unit(at ^ (unit(at) >> JUMP_SHIFT)) & !(LEAF as usize);
                let text = &compiled[4 + size + place..];
                let end = text.iter().position(|byte| *byte == 0).unwrap();
                return Some(String::from_utf8(text[..end].to_vec()).unwrap());
            }
            at ^= unit(at) >> JUMP_SHIFT;
        }
        None
    }

    #[test]
    fn every_character_leads_to_its_replacement_and_others_to_none() {
        let table: BTreeMap<char, String> =
            [('ﻫ', "ه"), ('Ａ', "A"), ('①', "1"), ('\u{200b}', " "), ('ﷺ', "صلى"), ('²', "2"), ('ﻬ', "ه")]
                .map(|(from, to)| (from, to.to_owned()))
                .into();
        let compiled = compile(&table);
        for (from, to) in &table {
            assert_eq!(look_up(&compiled, *from).as_ref(), Some(to), "{from}");
        }
        assert!(['ه', 'A', '٣', '🙏'].iter().all(|c| look_up(&compiled, *c).is_none()));
    }
}
