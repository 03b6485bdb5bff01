//! The gradients of a function with a scalar result.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Harness;
use crate::signature::Parameter;

impl Harness<'_> {
    /// The gradients of a scalar function.
    pub(super) fn scalar(&self) -> TokenStream {
        if !self.signature.returns_scalar() || self.signature.has_in_out() {
            return quote!(None);
        }
        let (name, result) = (&self.signature.name, &self.signature.result);
        let opened = &self.signature.opened;
        let (rebuild, passed, output) = (self.rebuild(), self.passed(), self.output());
        let (pattern, ty) = self.returned();
        let adjoints = self.flatten_adjoints(&self.adjoints);
        let start = self
            .with(&self.adjoints)
            .filter(|(parameter, _)| parameter.active);
        let start = start.map(|(Parameter { point, .. }, name)| {
            quote!(let mut #name = ::oracle::Point::tangent(&#point, &mut __starts);)
        });
        let start = quote!(let mut __starts = __start.iter().copied(); #(#start)*);
        let pass_all = self.pass_adjoints();
        let into = |suffix: &str, workspace: TokenStream| {
            let function = format_ident!("gradient_into{suffix}");
            quote! {
                &|__x, __start| {
                    #start #rebuild
                    let __r: #result = super::#name::#function(#workspace #passed #pass_all)#opened;
                    (#output, #adjoints)
                }
            }
        };
        let gradient_into = into("", TokenStream::new());
        let gradient_into_with = into("_with", quote!(&mut __workspace.borrow_mut(),));
        quote! {
            Some(::oracle::Scalar {
                gradient: &|__x| {
                    #rebuild
                    let #pattern: #ty = super::#name::gradient(#passed)#opened;
                    #adjoints
                },
                gradient_into: #gradient_into,
                gradient_into_with: #gradient_into_with,
                value_and_gradient: &|__x| {
                    #rebuild
                    let (__r, #pattern): (#result, #ty) = super::#name::value_and_gradient(#passed)#opened;
                    (#output, #adjoints)
                },
            })
        }
    }
}
