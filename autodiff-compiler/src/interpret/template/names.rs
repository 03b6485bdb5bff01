//! What the names and operators of Rust's syntax stand for.

use syn::BinOp;

use crate::ir::{BinaryOp, Comparison, FloatType, Prim, ScalarType};

pub(super) fn keyword_type(keyword: &str) -> Option<ScalarType> {
    const INTEGERS: [&str; 12] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    ];
    match keyword {
        "f64" => Some(ScalarType::Float(FloatType::F64)),
        "f32" => Some(ScalarType::Float(FloatType::F32)),
        "bool" => Some(ScalarType::Bool),
        "char" => Some(ScalarType::Char),
        _ => INTEGERS
            .into_iter()
            .find(|integer| *integer == keyword)
            .map(ScalarType::Integer),
    }
}

pub(super) fn scalar_type(ty: &syn::Type) -> Option<ScalarType> {
    match ty {
        syn::Type::Path(path) => path
            .path
            .get_ident()
            .and_then(|ident| keyword_type(&ident.to_string())),
        _ => None,
    }
}

pub(super) fn comparison(op: &BinOp) -> Option<Comparison> {
    Some(match op {
        BinOp::Eq(_) => Comparison::Equal,
        BinOp::Ne(_) => Comparison::NotEqual,
        BinOp::Lt(_) => Comparison::Less,
        BinOp::Le(_) => Comparison::LessEqual,
        BinOp::Gt(_) => Comparison::Greater,
        BinOp::Ge(_) => Comparison::GreaterEqual,
        _ => return None,
    })
}

pub(super) fn float_operator(op: &BinOp) -> Option<Prim> {
    Some(match op {
        BinOp::Add(_) => Prim::Add,
        BinOp::Sub(_) => Prim::Sub,
        BinOp::Mul(_) => Prim::Mul,
        BinOp::Div(_) => Prim::Div,
        BinOp::Rem(_) => Prim::Rem,
        _ => return None,
    })
}

pub(super) fn integer_operator(op: &BinOp) -> Option<BinaryOp> {
    Some(match op {
        BinOp::Add(_) => BinaryOp::Add,
        BinOp::Sub(_) => BinaryOp::Sub,
        BinOp::Mul(_) => BinaryOp::Mul,
        BinOp::Div(_) => BinaryOp::Div,
        BinOp::Rem(_) => BinaryOp::Rem,
        BinOp::And(_) => BinaryOp::And,
        BinOp::Or(_) => BinaryOp::Or,
        BinOp::BitAnd(_) => BinaryOp::BitAnd,
        BinOp::BitOr(_) => BinaryOp::BitOr,
        BinOp::BitXor(_) => BinaryOp::BitXor,
        BinOp::Shl(_) => BinaryOp::Shl,
        BinOp::Shr(_) => BinaryOp::Shr,
        _ => return None,
    })
}
