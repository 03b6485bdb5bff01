//! The derivative functions whose results are matrices: `hessian` and its kin, and `jacobian`.

use proc_macro2::TokenStream;
use quote::quote;

use super::Harness;
use crate::signature::Extent;

impl Harness<'_> {
    /// `hvp`, `hessian`, `value_gradient_hessian`.
    pub(super) fn second_order(&self) -> TokenStream {
        let Some(scalar) = &self.signature.scalar else {
            return quote!(None);
        };
        if !self.signature.returns_scalar() || self.signature.has_in_out() {
            return quote!(None);
        }
        let (name, result) = (&self.signature.name, &self.signature.result);
        let opened = &self.signature.opened;
        let (rebuild, passed, output) = (self.rebuild(), self.passed(), self.output());
        let (make_directions, directions) = (self.make_directions(), self.passed_directions());
        let (pattern, ty) = self.returned();
        let adjoints = self.flatten_adjoints(&self.adjoints);
        let (hessian, dense) = match self.signature.inputs() {
            Extent::Fixed(n) => (quote!([[#scalar; #n]; #n]), from_arrays()),
            Extent::Dynamic => (quote!(::autodiff::Matrix<#scalar>), from_matrix()),
        };
        quote! {
            Some(::oracle::Second {
                hvp: &|__x, __v| {
                    #rebuild #make_directions
                    let (__g, __h): (#ty, #ty) = super::#name::hvp(#passed #directions)#opened;
                    let #pattern = __g;
                    let __gradient = #adjoints;
                    let #pattern = __h;
                    (__gradient, #adjoints)
                },
                hessian: &|__x| {
                    #rebuild
                    let __m: #hessian = super::#name::hessian(#passed)#opened;
                    #dense
                },
                value_gradient_hessian: &|__x| {
                    #rebuild
                    let (__r, #pattern, __m): (#result, #ty, #hessian) =
                        super::#name::value_gradient_hessian(#passed)#opened;
                    (#output, #adjoints, #dense)
                },
            })
        }
    }

    /// `jacobian`.
    pub(super) fn jacobian(&self) -> TokenStream {
        let signature = self.signature;
        let Some(scalar) = &signature.scalar else {
            return quote!(None);
        };
        if signature.returns_scalar() || signature.returns_unit() || signature.has_in_out() {
            return quote!(None);
        }
        let (name, rebuild, passed) = (&signature.name, self.rebuild(), self.passed());
        let opened = &signature.opened;
        let (jacobian, dense) = match (signature.inputs(), signature.outputs()) {
            (Extent::Fixed(n), Extent::Fixed(m)) => (quote!([[#scalar; #n]; #m]), from_arrays()),
            _ => (quote!(::autodiff::Matrix<#scalar>), from_matrix()),
        };
        quote! {
            Some(&|__x| {
                #rebuild
                let __m: #jacobian = super::#name::jacobian(#passed)#opened;
                #dense
            })
        }
    }
}

/// The nested arrays `__m` as a dense matrix.
fn from_arrays() -> TokenStream {
    quote!(::oracle::Dense::from(&__m))
}

/// The `autodiff::Matrix` `__m` as a dense matrix.
fn from_matrix() -> TokenStream {
    quote! {
        ::oracle::Dense {
            rows: __m.rows(),
            cols: __m.cols(),
            entries: __m.as_slice().iter().map(|&entry| f64::from(entry)).collect(),
        }
    }
}
