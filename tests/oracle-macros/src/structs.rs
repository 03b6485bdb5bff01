//! Structs of the samples: beside each stands its twin, with dual numbers for its scalars.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{Ident, ItemStruct, Member};

use crate::twin::Twin;

/// The struct, its twin, and what makes it a point. `derives` is whether the compiler's derive stands on it.
pub(crate) fn twinned(item: &ItemStruct, derives: bool) -> TokenStream {
    let (name, twin) = (&item.ident, name(&item.ident));
    let fields: Vec<(Member, bool)> = item
        .fields
        .members()
        .zip(&item.fields)
        .map(|(member, field)| {
            (
                member,
                field
                    .attrs
                    .iter()
                    .any(|attribute| attribute.path().is_ident("no_derivative")),
            )
        })
        .collect();
    let mut dual = item.clone();
    dual.ident = twin.clone();
    dual.attrs
        .retain(|attribute| attribute.path().is_ident("derive"));
    let mut rewriter = Twin::of_types();
    for field in &mut dual.fields {
        field.attrs.clear();
        rewriter.visit_type_mut(&mut field.ty);
    }
    let (own, derive, tangent) = if derives {
        let tangent = format_ident!("{name}Tangent");
        (
            item.clone(),
            quote!(#[derive(::autodiff::Differentiable)]),
            quote!(#tangent),
        )
    } else {
        let mut own = item.clone();
        own.fields.iter_mut().for_each(|field| field.attrs.clear());
        (own, quote!(), quote!(Vec<f64>))
    };
    let active = || {
        fields
            .iter()
            .filter(|(_, constant)| !constant)
            .map(|(member, _)| member)
    };
    let visited = active();
    let members = fields.iter().map(|(member, _)| member);
    let with = construct(
        &fields,
        |member| quote!(::oracle::Point::with(&self.#member, scalars)),
        |member| quote!(self.#member.clone()),
    );
    let directions = match derives {
        true => {
            let built = construct(
                &fields,
                |member| quote!(::oracle::Point::tangent(&self.#member, scalars)),
                |_| quote!(()),
            );
            quote!(#tangent #built)
        }
        false => quote!({
            let mut count = Vec::new();
            ::oracle::Point::components(self, &mut count);
            scalars.take(count.len()).collect()
        }),
    };
    let types: Vec<_> = item.fields.iter().map(|field| &field.ty).collect();
    let flattened_tangent = match derives {
        true => {
            let parts = fields.iter().zip(&types).filter(|((_, constant), _)| !constant).map(|((member, _), ty)| {
                quote!(<#ty as ::oracle::Point>::tangent_components(&tangent.#member, out);)
            });
            quote!(#(#parts)*)
        }
        false => quote!(out.extend(tangent);),
    };
    let dual_of = construct(
        &fields,
        |member| quote!(::oracle::Point::dual(&self.#member, scalars)),
        |member| quote!(::oracle::Point::dual(&self.#member, &mut ::oracle::constants(&self.#member).into_iter())),
    );
    let dual_parts = fields.iter().zip(&types).filter(|((_, constant), _)| !constant).map(|((member, _), ty)| {
        quote!(<#ty as ::oracle::Point>::dual_components(&dual.#member, out);)
    });
    quote! {
        #derive
        #own
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #dual
        #[allow(warnings, clippy::all, clippy::pedantic)]
        const _: () = {
            impl ::oracle::Point for #name {
                type Tangent = #tangent;
                type Dual = #twin;
                fn components(&self, out: &mut Vec<f64>) {
                    #(::oracle::Point::components(&self.#visited, out);)*
                }
                fn bits(&self, out: &mut Vec<u64>) {
                    #(::oracle::Point::bits(&self.#members, out);)*
                }
                fn with(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self {
                    #name #with
                }
                fn tangent(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self::Tangent {
                    #directions
                }
                fn tangent_components(tangent: &Self::Tangent, out: &mut Vec<f64>) {
                    #flattened_tangent
                }
                fn dual(&self, scalars: &mut dyn Iterator<Item = ::oracle::Dual>) -> Self::Dual {
                    #twin #dual_of
                }
                fn dual_components(dual: &Self::Dual, out: &mut Vec<::oracle::Dual>) {
                    #(#dual_parts)*
                }
            }
        };
    }
}

/// The fields of a value of a struct, in braces; tuple structs may be written so, too.
fn construct(
    fields: &[(Member, bool)],
    active: impl Fn(&Member) -> TokenStream,
    constant: impl Fn(&Member) -> TokenStream,
) -> TokenStream {
    let parts = fields.iter().map(|(member, is_constant)| {
        let value = if *is_constant {
            constant(member)
        } else {
            active(member)
        };
        quote!(#member: #value)
    });
    quote!({ #(#parts),* })
}

/// What the twin of a struct is called.
pub(crate) fn name(name: &Ident) -> Ident {
    format_ident!("{name}Twin")
}

/// Whether a name is that of a struct of the sample file: it is spelled like a type, and is none of the standard library.
pub(crate) fn is_struct(name: &Ident) -> bool {
    let text = name.to_string();
    let standard = [
        "Vec", "Option", "Some", "None", "Result", "Ok", "Err", "String", "Self", "Box",
    ];
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.contains(|c: char| c.is_ascii_lowercase())
        && !standard.contains(&&*text)
}

/// Whether a type mentions a struct of the sample file.
pub(crate) fn mentioned(ty: &syn::Type) -> bool {
    struct Find(bool);
    impl<'ast> syn::visit::Visit<'ast> for Find {
        fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
            self.0 |= path.path.get_ident().is_some_and(is_struct);
            syn::visit::visit_type_path(self, path);
        }
    }
    let mut find = Find(false);
    syn::visit::Visit::visit_type(&mut find, ty);
    find.0
}
