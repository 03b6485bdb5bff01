//! The derivative functions that every function has: `jvp`, `vjp`, `vjp_into`, `pullback`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Harness;
use crate::signature::Parameter;

impl Harness<'_> {
    /// `jvp`, `vjp`, `vjp_into`, `vjp_into_with`.
    pub(super) fn first_order(&self) -> TokenStream {
        let (name, result) = (&self.signature.name, &self.signature.result);
        let opened = &self.signature.opened;
        let (rebuild, passed, output) = (self.rebuild(), self.passed(), self.output());
        let (make_directions, directions) = (self.make_directions(), self.passed_directions());
        let (make_cotangent, cotangent) = (self.make_cotangent(), self.passed_cotangent());
        let unit = self.signature.returns_unit();

        let run_jvp = if unit {
            quote!(let (__r, __t): ((), ()) = (super::#name::jvp(#passed #directions)#opened, ());)
        } else {
            quote! {
                let (__r, __t): (#result, <#result as ::oracle::Point>::Tangent) =
                    super::#name::jvp(#passed #directions)#opened;
            }
        };
        let in_out = |names| {
            self.with(names)
                .filter(|(parameter, _)| parameter.is_in_out())
        };
        let final_tangents = in_out(&self.directions).map(|(Parameter { owned, .. }, name)| {
            quote!(<#owned as ::oracle::Point>::tangent_components(&#name, &mut __tangent);)
        });

        let (pattern, ty) = self.returned();
        let make_in_out = in_out(&self.adjoints).map(|(Parameter { point, .. }, name)| {
            quote!(let mut #name = ::oracle::Point::tangent(&#point, &mut __ws);)
        });
        let pass_in_out = in_out(&self.adjoints).map(|(_, name)| quote!(&mut #name));
        let vjp_call = quote!(super::#name::vjp(#passed #cotangent #(, #pass_in_out)*)#opened);
        let returns_adjoints = self
            .signature
            .active()
            .any(|parameter| !parameter.is_in_out());
        let run_vjp = match (unit, returns_adjoints) {
            (true, true) => quote!(let (__r, #pattern): ((), #ty) = ((), #vjp_call);),
            (true, false) => quote!(let __r: () = #vjp_call;),
            (false, true) => quote!(let (__r, #pattern): (#result, #ty) = #vjp_call;),
            (false, false) => quote!(let (__r, ()): (#result, ()) = #vjp_call;),
        };
        let adjoints = self.flatten_adjoints(&self.adjoints);

        let start = self
            .with(&self.adjoints)
            .filter(|(parameter, _)| parameter.active);
        let start = start.map(|(parameter, name)| {
            let point = &parameter.point;
            let entry = parameter
                .is_in_out()
                .then(|| quote!(let mut #name = ::oracle::Point::tangent(&#point, &mut __ws);));
            quote!(let mut #name = ::oracle::Point::tangent(&#point, &mut __starts); #entry)
        });
        let start = quote!(let mut __starts = __start.iter().copied(); #(#start)*);
        let pass_all = self.pass_adjoints();
        let into = |suffix: &str, workspace: TokenStream| {
            let function = format_ident!("vjp_into{suffix}");
            quote! {
                &|__x, __w, __start| {
                    #make_cotangent #start #rebuild
                    let __r: #result = super::#name::#function(#workspace #passed #cotangent #pass_all)#opened;
                    (#output, #adjoints)
                }
            }
        };
        let vjp_into = into("", TokenStream::new());
        let vjp_into_with = into("_with", quote!(&mut __workspace.borrow_mut(),));
        quote! {
            ::oracle::First {
                jvp: &|__x, __v| {
                    #rebuild #make_directions #run_jvp
                    let mut __tangent = Vec::new();
                    <#result as ::oracle::Point>::tangent_components(&__t, &mut __tangent);
                    #(#final_tangents)*
                    (#output, __tangent)
                },
                vjp: &|__x, __w| {
                    #make_cotangent #(#make_in_out)* #rebuild #run_vjp
                    (#output, #adjoints)
                },
                vjp_into: #vjp_into,
                vjp_into_with: #vjp_into_with,
            }
        }
    }

    /// `pullback`, applied to several cotangents.
    pub(super) fn pullback(&self) -> TokenStream {
        if self.signature.has_in_out() || self.signature.returns_unit() {
            return quote!(None);
        }
        let (name, rebuild, passed) = (&self.signature.name, self.rebuild(), self.passed());
        let (output, opened) = (self.output(), &self.signature.opened);
        let (pattern, ty) = self.returned();
        let adjoints = self.flatten_adjoints(&self.adjoints);
        let dr = if crate::signature::is_vec(&self.signature.result) {
            quote!(&__dr)
        } else {
            quote!(__dr)
        };
        quote! {
            Some(&|__x, __cotangents| {
                #rebuild
                let (__r, __back) = super::#name::pullback(#passed)#opened;
                let mut __bars = Vec::new();
                for __w in __cotangents {
                    let __dr = ::oracle::Point::tangent(&__r, &mut __w.iter().copied());
                    let #pattern: #ty = __back(#dr);
                    __bars.push(#adjoints);
                }
                let __output = { #output };
                (__output, __bars)
            })
        }
    }
}
