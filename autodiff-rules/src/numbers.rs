//! The instances that compute: `f32` and `f64`.

use crate::{Prim, Real, table::values};

impl Real for f32 {
    #[inline]
    fn lit(c: f64) -> f32 {
        c as f32
    }

    #[inline]
    fn call(prim: Prim, args: &[f32]) -> f32 {
        values::f32(prim, args)
    }
}

impl Real for f64 {
    #[inline]
    fn lit(c: f64) -> f64 {
        c
    }

    #[inline]
    fn call(prim: Prim, args: &[f64]) -> f64 {
        values::f64(prim, args)
    }
}
