//! The tangent of a struct, and the implementations of both.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DeriveInput, Generics, Member, Type};

use super::parse::{Field, Structure, Style};
use super::{generics, tangent};
use crate::emit::hygienic;

/// The tangent and all implementations.
pub(super) fn implementations(structure: &Structure) -> TokenStream {
    let writer = Writer::new(structure);
    let parts = [
        writer.definition(),
        writer.differentiable(),
        writer.vector_space(),
        writer.clone(),
        writer.debug(),
        writer.equality(),
    ];
    let asked_for = [writer.default(), writer.copy()].into_iter().flatten();
    hygienic(quote!(#(#parts)* #(#asked_for)*))
}

/// An implementation that lets the rest of the crate compile where an error has been raised.
pub(super) fn stub(item: &DeriveInput) -> TokenStream {
    let ident = &item.ident;
    let (parameters, arguments, bounds) = item.generics.split_for_impl();
    hygienic(quote! {
        #[automatically_derived]
        impl #parameters ::autodiff::Differentiable for #ident #arguments #bounds {
            type Tangent = ();

            fn zero_tangent(&self) {}

            fn move_by(&mut self, _: &()) {}
        }
    })
}

/// What all implementations have in common.
struct Writer<'a> {
    structure: &'a Structure,
    /// The module with what generated code calls.
    private: TokenStream,
    /// The generics of the struct, with bounds.
    generics: Generics,
    /// The generics of the tangent.
    tangent_generics: Generics,
    /// The type of each field's tangent.
    tangents: Vec<Type>,
}

impl<'a> Writer<'a> {
    fn new(structure: &'a Structure) -> Self {
        let facade = &structure.options.facade;
        let private = quote!(#facade::__private);
        let tangents: Vec<Type> = structure
            .fields
            .iter()
            .map(|field| tangent::field(&private, field))
            .collect();
        let active = structure.fields.iter().filter(|field| field.active);
        let generics =
            generics::bounded(&private, &structure.generics, active.map(|field| &field.ty));
        let tangent_generics = generics::mentioned(&generics, &tangents);
        Self {
            structure,
            private,
            generics,
            tangent_generics,
            tangents,
        }
    }

    /// The struct of the tangent.
    fn definition(&self) -> TokenStream {
        let Structure {
            ident,
            tangent,
            visibility,
            style,
            fields,
            ..
        } = self.structure;
        let documentation = format!(
            " The tangent of [`{ident}`]: a direction in which it moves, or its gradient. Each field is the tangent of \
             the field of the same name; of those that do not move it is `()`."
        );
        let generics = &self.tangent_generics;
        let bounds = &generics.where_clause;
        let fields = fields.iter().zip(&self.tangents).map(|(field, ty)| {
            let visibility = &field.visibility;
            match &field.member {
                Member::Named(name) => {
                    let documentation = format!(" The tangent of the field `{name}`.");
                    quote!(#[doc = #documentation] #visibility #name: #ty)
                }
                Member::Unnamed(index) => {
                    let documentation = format!(" The tangent of the field {}.", index.index);
                    quote!(#[doc = #documentation] #visibility #ty)
                }
            }
        });
        let body = match style {
            Style::Named => quote!(#bounds { #(#fields,)* }),
            Style::Tuple => quote!((#(#fields,)*) #bounds;),
            Style::Unit => quote!(#bounds;),
        };
        quote! {
            #[doc = #documentation]
            #visibility struct #tangent #generics #body
        }
    }

    fn differentiable(&self) -> TokenStream {
        let (private, ident, tangent) = (
            &self.private,
            &self.structure.ident,
            &self.structure.tangent,
        );
        let (parameters, arguments, bounds) = self.generics.split_for_impl();
        let (_, tangent_arguments, _) = self.tangent_generics.split_for_impl();
        // Errors about a field that is not differentiable stand on its type, and those of one text are one.
        let zeros = self.construct(|field| {
            let (member, ty) = (&field.member, &field.ty);
            match field.active {
                true => quote_spanned! {ty.span()=>
                    <#ty as #private::Differentiable>::zero_tangent(&self.#member)
                },
                false => quote!(()),
            }
        });
        let active = self.structure.fields.iter().filter(|field| field.active);
        let moves: Vec<TokenStream> = active
            .map(|field| {
                let (member, ty) = (&field.member, &field.ty);
                quote_spanned! {ty.span()=>
                    <#ty as #private::Differentiable>::move_by(&mut self.#member, &direction.#member);
                }
            })
            .collect();
        let direction = argument(quote!(direction), moves.is_empty());
        quote! {
            #[automatically_derived]
            impl #parameters #private::Differentiable for #ident #arguments #bounds {
                type Tangent = #tangent #tangent_arguments;

                #[inline]
                fn zero_tangent(&self) -> Self::Tangent {
                    #zeros
                }

                #[inline]
                fn move_by(&mut self, #direction: &Self::Tangent) {
                    #(#moves)*
                }
            }
        }
    }

    fn vector_space(&self) -> TokenStream {
        let private = &self.private;
        let members = || self.structure.fields.iter().map(|field| &field.member);
        let is_empty = self.structure.fields.is_empty();
        let none = |name| argument(name, is_empty);
        let (other, factor) = (none(quote!(other)), none(quote!(factor)));
        let (visit, scalars) = (none(quote!(visit)), none(quote!(scalars)));
        let set_zero = members().map(|x| quote!(#private::Tangent::set_zero(&mut self.#x);));
        let accumulate =
            members().map(|x| quote!(#private::Tangent::accumulate(&mut self.#x, &other.#x);));
        let add_scaled = members()
            .map(|x| quote!(#private::Tangent::add_scaled(&mut self.#x, factor, &other.#x);));
        let scale = members().map(|x| quote!(#private::Tangent::scale(&mut self.#x, factor);));
        let dot = members().map(|x| quote!(#private::Tangent::dot(&self.#x, &other.#x)));
        let dimension = members().map(|x| quote!(#private::Tangent::dimension(&self.#x)));
        let visits =
            members().map(|x| quote!(#private::Tangent::for_each_scalar(&self.#x, visit);));
        let assigns =
            members().map(|x| quote!(#private::Tangent::assign_scalars(&mut self.#x, scalars);));
        let float = quote!(#private::core::primitive::f64);
        self.implement(
            &quote!(#private::Tangent),
            &quote! {
                #[inline]
                fn set_zero(&mut self) {
                    #(#set_zero)*
                }

                #[inline]
                fn accumulate(&mut self, #other: &Self) {
                    #(#accumulate)*
                }

                #[inline]
                fn add_scaled(&mut self, #factor: #float, #other: &Self) {
                    #(#add_scaled)*
                }

                #[inline]
                fn scale(&mut self, #factor: #float) {
                    #(#scale)*
                }

                #[inline]
                fn dot(&self, #other: &Self) -> #float {
                    0.0 #(+ #dot)*
                }

                #[inline]
                fn dimension(&self) -> #private::core::primitive::usize {
                    0 #(+ #dimension)*
                }

                #[inline]
                fn for_each_scalar(&self, #visit: &mut impl #private::core::ops::FnMut(#float)) {
                    #(#visits)*
                }

                #[inline]
                fn assign_scalars(&mut self, #scalars: &mut impl #private::core::ops::FnMut() -> #float) {
                    #(#assigns)*
                }
            },
        )
    }

    fn clone(&self) -> TokenStream {
        let private = &self.private;
        let clones = self.construct(|field| {
            let member = &field.member;
            quote!(#private::core::clone::Clone::clone(&self.#member))
        });
        self.implement(
            &quote!(#private::core::clone::Clone),
            &quote! {
                #[inline]
                fn clone(&self) -> Self {
                    #clones
                }
            },
        )
    }

    fn debug(&self) -> TokenStream {
        let private = &self.private;
        let name = Literal::string(&self.structure.tangent.unraw().to_string());
        let (begin, fields) = match self.structure.style {
            Style::Named => (quote!(debug_struct), true),
            Style::Tuple => (quote!(debug_tuple), false),
            Style::Unit => (quote!(debug_struct), true),
        };
        let fields = self.structure.fields.iter().map(|field| {
            let member = &field.member;
            let label = fields.then(|| match member {
                Member::Named(name) => {
                    Literal::string(&name.unraw().to_string()).into_token_stream()
                }
                Member::Unnamed(index) => index.to_token_stream(),
            });
            let label = label.map(|label| quote!(#label,));
            quote!(.field(#label &self.#member))
        });
        self.implement(
            &quote!(#private::core::fmt::Debug),
            &quote! {
                fn fmt(&self, formatter: &mut #private::core::fmt::Formatter<'_>) -> #private::core::fmt::Result {
                    #private::core::fmt::Formatter::#begin(formatter, #name) #(#fields)* .finish()
                }
            },
        )
    }

    fn equality(&self) -> TokenStream {
        let private = &self.private;
        let active = self.structure.fields.iter().filter(|field| field.active);
        let parts: Vec<TokenStream> = active
            .map(|field| {
                let member = &field.member;
                quote!(#private::core::cmp::PartialEq::eq(&self.#member, &other.#member))
            })
            .collect();
        let other = argument(quote!(other), parts.is_empty());
        self.implement(
            &quote!(#private::core::cmp::PartialEq),
            &quote! {
                #[inline]
                fn eq(&self, #other: &Self) -> #private::core::primitive::bool {
                    true #(&& #parts)*
                }
            },
        )
    }

    fn default(&self) -> Option<TokenStream> {
        if !self.structure.options.default {
            return None;
        }
        let private = &self.private;
        let mut tangents = self.tangents.iter();
        let defaults = self.construct(|_| {
            let ty = tangents.next().expect("each field has a tangent");
            tangent::default(private, ty)
        });
        let each = quote!(#private::core::default::Default);
        Some(self.implement_where(
            &each,
            &each,
            &quote! {
                #[inline]
                fn default() -> Self {
                    #defaults
                }
            },
        ))
    }

    fn copy(&self) -> Option<TokenStream> {
        let private = &self.private;
        let each = quote!(#private::core::marker::Copy);
        let is_asked_for = self.structure.options.copy;
        is_asked_for.then(|| self.implement_where(&each, &each, &TokenStream::new()))
    }

    /// An expression that makes a tangent, given how each field of it is made.
    fn construct(&self, mut part: impl FnMut(&Field) -> TokenStream) -> TokenStream {
        let name = &self.structure.tangent;
        let fields = self.structure.fields.iter().map(|field| {
            let (member, value) = (&field.member, part(field));
            quote!(#member: #value)
        });
        quote!(#name { #(#fields,)* })
    }

    /// An implementation for the tangent.
    fn implement(&self, of: &TokenStream, items: &TokenStream) -> TokenStream {
        let name = &self.structure.tangent;
        let (parameters, arguments, bounds) = self.tangent_generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #parameters #of for #name #arguments #bounds { #items }
        }
    }

    /// An implementation for the tangent, where all of which it consists is `each`.
    fn implement_where(
        &self,
        of: &TokenStream,
        each: &TokenStream,
        items: &TokenStream,
    ) -> TokenStream {
        let mut leaves = Vec::new();
        for ty in &self.tangents {
            tangent::leaves(ty, &mut leaves);
        }
        let mut generics = self.tangent_generics.clone();
        let predicates = &mut generics.make_where_clause().predicates;
        for leaf in leaves {
            predicates.push(syn::parse_quote!(#leaf: #each));
        }
        let name = &self.structure.tangent;
        let (parameters, arguments, bounds) = generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #parameters #of for #name #arguments #bounds { #items }
        }
    }
}

/// The name of an argument, or what stands for one that is not used.
fn argument(name: TokenStream, is_unused: bool) -> TokenStream {
    if is_unused { quote!(_) } else { name }
}
