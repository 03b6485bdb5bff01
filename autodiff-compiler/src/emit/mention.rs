//! The mention of the function in its companion, for the sake of rustc's dead-code analysis.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{GenericParam, ParenthesizedGenericArguments, Type, TypeReference, parse_quote};

use super::companion::Companion;
use super::names::Names;

/// The types of constants that the runtime has markers for.
const CONSTANTS: [&str; 13] = [
    "bool", "char", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
];

impl Companion<'_> {
    /// Lets the companion mention the function, which then counts as used wherever the companion is used.
    pub(super) fn mention(&self) -> TokenStream {
        let Some(markers) = self.markers().filter(|_| !self.signature.deprecated) else {
            return TokenStream::new();
        };
        let mut anonymous = Anonymous::in_scope_of(self.names.clone());
        let types: Vec<Type> = self
            .signature
            .parameters
            .iter()
            .map(|parameter| {
                let mut ty = parameter.declared.clone();
                anonymous.visit_type_mut(&mut ty);
                ty
            })
            .collect();
        // A lifetime without a name has no place where the generic parameters are declared.
        if anonymous.is_elided {
            return TokenStream::new();
        }
        let private = &self.private;
        let (path, companion) = (self.primal_path(), &self.signature.companion);
        let names: Vec<&Ident> = anonymous.types.iter().map(|(name, _)| name).collect();
        // Nor can they be called without naming the types of directions.
        let users = self.users.iter().filter(|_| names.is_empty());
        let users = users.map(|kind| {
            let path = self.path(*kind, None);
            quote!(let _ = #path;)
        });
        let users: TokenStream = users.collect();
        // The types behind `impl` can't be named in the path: there they follow from the arguments of a call.
        let mention = if names.is_empty() {
            path
        } else {
            let values = types.iter().map(|ty| match mentions_any(ty, &names) {
                true => quote!(#private::any::<#ty>()),
                false => quote!(#private::any()),
            });
            quote!(|| #path(#(#values),*))
        };
        let mut generics = self.generics.clone();
        for (name, bounds) in &anonymous.types {
            generics.params.push(parse_quote!(#name: #bounds));
        }
        let (generics, _, bounds) = generics.split_for_impl();
        quote! {
            impl #generics #private::Companion<(
                #(#markers,)*
                #(#private::PhantomData<#names>,)*
            )> for #companion #bounds {
                fn primal() {
                    let _ = #mention;
                    #users
                }
            }
        }
    }

    /// Types that each name one of the generic parameters, or nothing where a constant has a type without markers.
    fn markers(&self) -> Option<Vec<TokenStream>> {
        let private = &self.private;
        let marker = |parameter: &GenericParam| {
            Some(match parameter {
                GenericParam::Type(parameter) => {
                    let ident = &parameter.ident;
                    quote!(#private::PhantomData<#ident>)
                }
                GenericParam::Const(parameter) => {
                    let (ident, ty) = (&parameter.ident, parameter.ty.to_token_stream());
                    if ty.to_string() == "usize" {
                        quote!([(); #ident])
                    } else if CONSTANTS.contains(&ty.to_string().as_str()) {
                        quote!(#private::constants::#ty<#ident>)
                    } else {
                        return None;
                    }
                }
                GenericParam::Lifetime(parameter) => {
                    let lifetime = &parameter.lifetime;
                    quote!(&#lifetime ())
                }
            })
        };
        self.generics.params.iter().map(marker).collect()
    }
}

/// Whether a type mentions one of the names.
fn mentions_any(ty: &Type, names: &[&Ident]) -> bool {
    let tokens = ty.to_token_stream();
    names.iter().any(|name| super::mentions(&tokens, name))
}

/// Gives names to the types behind `impl`.
struct Anonymous {
    names: Names,
    /// The names, with what stands behind `impl`.
    types: Vec<(Ident, TokenStream)>,
    /// Whether a lifetime is left out in what stands behind `impl`.
    is_elided: bool,
}

impl Anonymous {
    fn in_scope_of(names: Names) -> Self {
        Self {
            names,
            types: Vec::new(),
            is_elided: false,
        }
    }
}

impl VisitMut for Anonymous {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        // From the inside out, since one `impl` may stand in the bounds of another.
        syn::visit_mut::visit_type_mut(self, ty);
        let Type::ImplTrait(anonymous) = ty else {
            return;
        };
        let mut lifetimes = ElidedLifetimes::default();
        lifetimes.visit_type_impl_trait(anonymous);
        self.is_elided |= lifetimes.are_there;
        let name = self.names.fresh_item("F");
        self.types
            .push((name.clone(), anonymous.bounds.to_token_stream()));
        *ty = parse_quote!(#name);
    }
}

/// Looks for lifetimes that are left out, other than those of functions' parameters.
#[derive(Default)]
struct ElidedLifetimes {
    are_there: bool,
}

impl Visit<'_> for ElidedLifetimes {
    fn visit_parenthesized_generic_arguments(&mut self, _: &ParenthesizedGenericArguments) {}

    fn visit_type_reference(&mut self, reference: &TypeReference) {
        self.are_there |= reference.lifetime.is_none();
        syn::visit::visit_type_reference(self, reference);
    }

    fn visit_lifetime(&mut self, lifetime: &syn::Lifetime) {
        self.are_there |= lifetime.ident == "_";
    }
}
