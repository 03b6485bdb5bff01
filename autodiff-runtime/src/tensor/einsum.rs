//! Sums of products in the notation of Einstein.

use super::Tensor;
use super::dims::Dims;
use super::element::Float;
use crate::autograd::AutogradError;

fn wrong(formula: &str, why: &str) -> AutogradError {
    AutogradError::shape("einsum", format!("{formula:?}: {why}"))
}

impl<T: Float> Tensor<T> {
    /// The sum of products that `formula` describes: a letter for each dimension of each operand, separated by commas,
    /// then `->` and the letters of the result. Equal letters run together, and those that the result lacks are summed
    /// over. Without `->` the result has the letters that occur once, in alphabetical order.
    ///
    /// Operands are joined from left to right, each time as one batched matrix product.
    ///
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// let a = tensor([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(Tensor::einsum("ij,kj->ik", &[&a, &a])?, a.matmul(&a.t()));
    /// assert_eq!(Tensor::einsum("ii->", &[&a])?, tensor(5.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the formula does not describe the operands, or sizes for one letter differ.
    pub fn einsum(formula: &str, operands: &[&Self]) -> Result<Self, AutogradError> {
        let text: String = formula.chars().filter(|c| !c.is_whitespace()).collect();
        let (inputs, output) = match text.split_once("->") {
            Some((inputs, output)) => (inputs.to_owned(), Some(output.to_owned())),
            None => (text.clone(), None),
        };
        let inputs: Vec<Vec<char>> = inputs
            .split(',')
            .map(|term| term.chars().collect())
            .collect();
        if inputs.len() != operands.len() || operands.is_empty() {
            return Err(wrong(
                formula,
                &format!("{} terms for {} operands", inputs.len(), operands.len()),
            ));
        }
        if let Some(other) = inputs.iter().flatten().find(|c| !c.is_ascii_alphabetic()) {
            return Err(wrong(formula, &format!("{other:?} is no letter")));
        }
        let output: Vec<char> =
            output.map_or_else(|| once(&inputs), |output| output.chars().collect());
        if let Some(letter) = output
            .iter()
            .find(|c| !inputs.iter().any(|term| term.contains(c)))
        {
            return Err(wrong(
                formula,
                &format!("the result's {letter:?} occurs in no operand"),
            ));
        }
        if (1..output.len()).any(|i| output[..i].contains(&output[i])) {
            return Err(wrong(formula, "a letter occurs twice in the result"));
        }
        let mut sizes: Vec<(char, usize)> = Vec::new();
        for (term, operand) in inputs.iter().zip(operands) {
            if term.len() != operand.ndim() {
                let why = format!(
                    "{} letters for an operand of shape {:?}",
                    term.len(),
                    operand.shape()
                );
                return Err(wrong(formula, &why));
            }
            for (&letter, &size) in term.iter().zip(operand.shape()) {
                match sizes.iter().find(|(known, _)| *known == letter) {
                    Some((_, known)) if *known != size => {
                        return Err(wrong(
                            formula,
                            &format!("{letter:?} has sizes {known} and {size}"),
                        ));
                    }
                    Some(_) => {}
                    None => sizes.push((letter, size)),
                }
            }
        }
        let needed = |letter: &char, rest: &[Vec<char>]| {
            output.contains(letter) || rest.iter().any(|term| term.contains(letter))
        };
        let mut joined =
            Factor::new(operands[0], &inputs[0]).summed(|letter| needed(letter, &inputs[1..]));
        for (k, operand) in operands.iter().enumerate().skip(1) {
            let rest = &inputs[k + 1..];
            let next = Factor::new(operand, &inputs[k])
                .summed(|letter| joined.letters.contains(letter) || needed(letter, rest));
            joined = joined.times(next, |letter| needed(letter, rest));
        }
        Ok(joined.ordered(&output))
    }
}

/// The letters that occur once, in alphabetical order.
fn once(inputs: &[Vec<char>]) -> Vec<char> {
    let all: Vec<char> = inputs.iter().flatten().copied().collect();
    let mut once: Vec<char> = all
        .iter()
        .copied()
        .filter(|c| all.iter().filter(|d| *d == c).count() == 1)
        .collect();
    once.sort_unstable();
    once
}

/// A tensor with a letter for each dimension, all different.
struct Factor<T: Float> {
    tensor: Tensor<T>,
    letters: Vec<char>,
}

impl<T: Float> Factor<T> {
    /// An operand, of which equal letters keep the diagonal.
    fn new(operand: &Tensor<T>, term: &[char]) -> Self {
        let (mut tensor, mut letters) = (operand.clone(), term.to_vec());
        while let Some((first, second)) = repeated(&letters) {
            tensor = tensor.diagonal_of(first, second);
            letters.remove(second);
        }
        Self { tensor, letters }
    }

    /// The sum over letters that are not needed.
    fn summed(self, needed: impl Fn(&char) -> bool) -> Self {
        let gone: Vec<isize> = (0..self.letters.len())
            .filter(|&d| !needed(&self.letters[d]))
            .map(|d| d as isize)
            .collect();
        if gone.is_empty() {
            return self;
        }
        let letters = self
            .letters
            .iter()
            .copied()
            .filter(|letter| needed(letter))
            .collect();
        Self {
            tensor: self.tensor.sum_dims(&gone, false),
            letters,
        }
    }

    /// The dimensions in the order of `letters`, which are the same.
    fn ordered(self, letters: &[char]) -> Tensor<T> {
        if self.letters == letters {
            return self.tensor;
        }
        let place = |letter: &char| {
            self.letters
                .iter()
                .position(|other| other == letter)
                .expect("the letters are the same") as isize
        };
        self.tensor
            .permute(&letters.iter().map(place).collect::<Vec<_>>())
    }

    /// The product with `other`, summed over what both have and is not needed.
    fn times(self, other: Self, needed: impl Fn(&char) -> bool) -> Self {
        let both = |letter: &char| self.letters.contains(letter) && other.letters.contains(letter);
        let pick = |letters: &[char], keep: &dyn Fn(&char) -> bool| {
            letters
                .iter()
                .copied()
                .filter(|c| keep(c))
                .collect::<Vec<char>>()
        };
        let batch = pick(&self.letters, &|c| both(c) && needed(c));
        let inner = pick(&self.letters, &|c| both(c) && !needed(c));
        let left = pick(&self.letters, &|c| !both(c));
        let right = pick(&other.letters, &|c| !both(c));
        let sizes = |factor: &Self, letters: &[char]| -> Vec<usize> {
            letters
                .iter()
                .map(|c| {
                    factor.tensor.shape()[factor
                        .letters
                        .iter()
                        .position(|d| d == c)
                        .expect("the letter is one of the factor's")]
                })
                .collect()
        };
        let (b, l, r) = (
            sizes(&self, &batch),
            sizes(&self, &left),
            sizes(&other, &right),
        );
        let count = |sizes: &[usize]| sizes.iter().product::<usize>();
        let k = count(&sizes(&self, &inner));
        let letters = [batch.clone(), left.clone(), right.clone()].concat();
        let first = self
            .ordered(&[batch.clone(), left, inner.clone()].concat())
            .reshaped("ReshapeBackward", &[count(&b), count(&l), k]);
        let second = other
            .ordered(&[batch, inner, right].concat())
            .reshaped("ReshapeBackward", &[count(&b), k, count(&r)]);
        let shape: Dims = b.into_iter().chain(l).chain(r).collect();
        Self {
            tensor: first.matmul(&second).reshaped("ReshapeBackward", &shape),
            letters,
        }
    }
}

fn repeated(letters: &[char]) -> Option<(usize, usize)> {
    (0..letters.len()).find_map(|second| {
        Some((
            letters[..second]
                .iter()
                .position(|c| *c == letters[second])?,
            second,
        ))
    })
}
