//! The encoder against BERT in plain 64-bit numbers, on small made-up weights; and files that do not fit.

#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]

use encoder::{Encoder, Pooling, Shape};
use safetensors::Dtype;
use safetensors::tensor::{TensorView, serialize};
use std::collections::BTreeMap;

const WIDTH: usize = 48;
const WIDE: usize = 80;
const HEADS: usize = 3;
const WORDS: usize = 20;
const POSITIONS: usize = 90;

fn shape(pooling: Pooling) -> Shape {
    Shape {
        width: WIDTH,
        wide: WIDE,
        layers: 2,
        heads: HEADS,
        words: WORDS,
        positions: 1..POSITIONS,
        epsilon: 1e-12,
        pooling,
    }
}

/// Made-up tensors by name, with their sizes.
struct Made(BTreeMap<String, (Vec<usize>, Vec<f32>)>);

impl Made {
    fn new() -> Made {
        let mut state = 1u64;
        let mut number = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        };
        let mut made = Made(BTreeMap::new());
        let mut add = |name: &str, sizes: &[usize], middle: f32, reach: f32| {
            let numbers = (0..sizes.iter().product()).map(|_| middle + number() * reach).collect();
            made.0.insert(name.to_owned(), (sizes.to_vec(), numbers));
        };
        add("embeddings.word_embeddings.weight", &[WORDS, WIDTH], 0.0, 1.0);
        add("embeddings.position_embeddings.weight", &[POSITIONS, WIDTH], 0.0, 0.3);
        add("embeddings.token_type_embeddings.weight", &[2, WIDTH], 0.0, 0.3);
        add("embeddings.LayerNorm.weight", &[WIDTH], 1.0, 0.2);
        add("embeddings.LayerNorm.bias", &[WIDTH], 0.0, 0.2);
        for layer in 0..2 {
            let linears = [
                ("attention.self.query", WIDTH, WIDTH),
                ("attention.self.key", WIDTH, WIDTH),
                ("attention.self.value", WIDTH, WIDTH),
                ("attention.output.dense", WIDTH, WIDTH),
                ("intermediate.dense", WIDE, WIDTH),
                ("output.dense", WIDTH, WIDE),
            ];
            for (part, rows, columns) in linears {
                add(&format!("encoder.layer.{layer}.{part}.weight"), &[rows, columns], 0.0, 0.3);
                add(&format!("encoder.layer.{layer}.{part}.bias"), &[rows], 0.0, 0.2);
            }
            for part in ["attention.output.LayerNorm", "output.LayerNorm"] {
                add(&format!("encoder.layer.{layer}.{part}.weight"), &[WIDTH], 1.0, 0.2);
                add(&format!("encoder.layer.{layer}.{part}.bias"), &[WIDTH], 0.0, 0.2);
            }
        }
        made
    }

    /// The file, with a name before each tensor's.
    fn file(&self, prefix: &str) -> Vec<u8> {
        let bytes: Vec<(String, &[usize], Vec<u8>)> = self
            .0
            .iter()
            .map(|(name, (sizes, numbers))| {
                let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                (format!("{prefix}{name}"), sizes.as_slice(), bytes)
            })
            .collect();
        let view = |sizes: &[usize], bytes| TensorView::new(Dtype::F32, sizes.to_vec(), bytes).unwrap();
        serialize(bytes.iter().map(|(name, sizes, bytes)| (name, view(sizes, bytes))), None).unwrap()
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        self.0[name].1.iter().map(|number| f64::from(*number)).collect()
    }

    fn rows(&self, name: &str) -> Vec<Vec<f64>> {
        let width = self.0[name].0[1];
        self.numbers(name).chunks(width).map(<[f64]>::to_vec).collect()
    }

    fn linear(&self, name: &str, tokens: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let (rows, bias) = (self.rows(&format!("{name}.weight")), self.numbers(&format!("{name}.bias")));
        let of =
            |token: &Vec<f64>| rows.iter().zip(&bias).map(|(row, bias)| dot(row, token) + bias).collect();
        tokens.iter().map(of).collect()
    }

    fn norm(&self, name: &str, token: &[f64]) -> Vec<f64> {
        let count = token.len() as f64;
        let mean = token.iter().sum::<f64>() / count;
        let deviation =
            (token.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / count + 1e-12).sqrt();
        let (scale, shift) = (self.numbers(&format!("{name}.weight")), self.numbers(&format!("{name}.bias")));
        let places = token.iter().zip(scale.iter().zip(&shift));
        places.map(|(number, (scale, shift))| (number - mean) / deviation * scale + shift).collect()
    }

    /// BERT as its paper describes it.
    fn encode(&self, ids: &[u32]) -> Vec<Vec<f64>> {
        let (words, positions) = (
            self.rows("embeddings.word_embeddings.weight"),
            self.rows("embeddings.position_embeddings.weight"),
        );
        let of_type = &self.rows("embeddings.token_type_embeddings.weight")[0];
        let mut tokens: Vec<Vec<f64>> = ids
            .iter()
            .enumerate()
            .map(|(at, id)| {
                let sum = added(&added(&words[*id as usize], &positions[at + 1]), of_type);
                self.norm("embeddings.LayerNorm", &sum)
            })
            .collect();
        for layer in 0..2 {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let [query, key, value] = ["query", "key", "value"]
                .map(|part| self.linear(&name(&format!("attention.self.{part}")), &tokens));
            let taken: Vec<Vec<f64>> = query.iter().map(|query| take(query, &key, &value)).collect();
            let attended = self.linear(&name("attention.output.dense"), &taken);
            let norm = |part: &str, a: &[Vec<f64>], b: &[Vec<f64>]| -> Vec<Vec<f64>> {
                a.iter().zip(b).map(|(a, b)| self.norm(&name(part), &added(a, b))).collect()
            };
            tokens = norm("attention.output.LayerNorm", &attended, &tokens);
            let mut wide = self.linear(&name("intermediate.dense"), &tokens);
            wide.iter_mut().flatten().for_each(|number| *number = gelu(*number));
            tokens = norm("output.LayerNorm", &self.linear(&name("output.dense"), &wide), &tokens);
        }
        tokens
    }
}

fn take(query: &[f64], keys: &[Vec<f64>], values: &[Vec<f64>]) -> Vec<f64> {
    let size = WIDTH / HEADS;
    let mut taken = vec![0.0; WIDTH];
    for head in (0..WIDTH).step_by(size) {
        let places = head..head + size;
        let score = |key: &Vec<f64>| dot(&query[places.clone()], &key[places.clone()]) / (size as f64).sqrt();
        let powers: Vec<f64> = keys.iter().map(|key| score(key).exp()).collect();
        let sum: f64 = powers.iter().sum();
        for (power, value) in powers.iter().zip(values) {
            places.clone().for_each(|place| taken[place] += power / sum * value[place]);
        }
    }
    taken
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn added(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// By the series of the error function.
fn gelu(x: f64) -> f64 {
    let z = x / std::f64::consts::SQRT_2;
    let (mut term, mut sum) = (z, z);
    for n in 1..200 {
        term *= -z * z / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    0.5 * x * (1.0 + sum * 2.0 / std::f64::consts::PI.sqrt())
}

fn cosine(a: &[f32], b: &[f64]) -> f64 {
    let a: Vec<f64> = a.iter().map(|number| f64::from(*number)).collect();
    dot(&a, b) / (dot(&a, &a) * dot(b, b)).sqrt()
}

#[test]
fn every_processor_gives_the_vectors_of_plain_arithmetic() {
    let made = Made::new();
    for pooling in [Pooling::Mean, Pooling::FirstToken] {
        let detected = Encoder::read(&made.file("bert."), shape(pooling)).unwrap();
        let plain = Encoder::read(&made.file(""), shape(pooling)).unwrap().plain();
        for count in [1, 2, 7, 70, POSITIONS - 1] {
            let ids: Vec<u32> = (0..count).map(|at| (at * 7 % WORDS) as u32).collect();
            let tokens = made.encode(&ids);
            let right: Vec<f64> = match pooling {
                Pooling::FirstToken => tokens[0].clone(),
                Pooling::Mean => tokens.iter().fold(vec![0.0; WIDTH], |sum, token| added(&sum, token)),
            };
            for encoder in [&detected, &plain] {
                let vector = encoder.encode(&ids).unwrap();
                assert_eq!(vector.len(), encoder.dimensions());
                let likeness = cosine(&vector, &right);
                // So narrow a model has few bytes to even out what rounding takes.
                assert!(likeness > 0.9995, "{pooling:?}, {count} tokens: {likeness}");
            }
        }
    }
}

#[test]
fn the_same_text_gives_the_same_vector_to_the_last_bit() {
    let encoder = Encoder::read(&Made::new().file(""), shape(Pooling::Mean)).unwrap();
    let first = encoder.encode(&[3, 1, 4, 1, 5]).unwrap();
    assert_eq!(encoder.encode(&[3, 1, 4, 1, 5]).unwrap(), first);
}

#[test]
fn texts_that_cannot_be_encoded_are_refused() {
    let encoder = Encoder::read(&Made::new().file(""), shape(Pooling::Mean)).unwrap();
    assert!(encoder.encode(&[]).is_err());
    assert!(encoder.encode(&[1; POSITIONS]).is_err());
    assert!(encoder.encode(&[WORDS as u32]).is_err());
}

#[test]
fn a_file_that_does_not_fit_is_refused_with_the_tensor_that_does_not() {
    let refused = |made: &Made, shape| Encoder::read(&made.file(""), shape).unwrap_err().to_string();
    let mut made = Made::new();
    made.0.remove("encoder.layer.1.output.dense.bias");
    assert!(refused(&made, shape(Pooling::Mean)).contains("encoder.layer.1.output.dense.bias is missing"));
    let narrow = Shape { wide: WIDE - 1, ..shape(Pooling::Mean) };
    assert!(
        refused(&Made::new(), narrow).contains("encoder.layer.0.intermediate.dense.weight has another size")
    );
    let mut made = Made::new();
    made.0.get_mut("embeddings.LayerNorm.bias").unwrap().1[0] = f32::NAN;
    assert!(refused(&made, shape(Pooling::Mean)).contains("no number"));
    let odd = Shape { heads: 5, ..shape(Pooling::Mean) };
    assert!(refused(&Made::new(), odd).contains("heads"));
    assert!(Encoder::read(b"nothing", shape(Pooling::Mean)).is_err());
}
