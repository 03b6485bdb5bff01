//! The test of one function: its derivative functions as closures over flat vectors, for the checks of the crate `oracle`.

mod first;
mod scalar;
mod shaped;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use crate::options::Options;
use crate::signature::{Parameter, Passing, Signature};

/// `check_at` for a function with a companion type.
pub(crate) fn full(options: &Options, signature: &Signature) -> TokenStream {
    let harness = Harness::new(signature);
    let common = harness.common(options);
    let first = harness.first_order();
    let scalar = harness.scalar();
    let pullback = harness.pullback();
    let second = if options.order >= 2 {
        harness.second_order()
    } else {
        quote!(None)
    };
    let jacobian = harness.jacobian();
    harness.check_at(quote! {
        let __workspace = ::std::cell::RefCell::new(::autodiff::Workspace::new());
        ::oracle::check(&::oracle::Function {
            #common,
            derivatives: Some(::oracle::Derivatives {
                first: #first,
                scalar: #scalar,
                pullback: #pullback,
                second: #second,
                jacobian: #jacobian,
            }),
        });
    })
}

/// `check_at` for a function alone.
pub(crate) fn twin_only(options: &Options, signature: &Signature) -> TokenStream {
    let harness = Harness::new(signature);
    let common = harness.common(options);
    harness.check_at(quote! {
        ::oracle::check(&::oracle::Function { #common, derivatives: None });
    })
}

/// The names and fragments that the closures share.
struct Harness<'a> {
    signature: &'a Signature,
    /// `a0`, `a1`, …: the arguments rebuilt from the flat point.
    arguments: Vec<Ident>,
    /// `d0`, …: directions.
    directions: Vec<Ident>,
    /// `b0`, …: adjoints.
    adjoints: Vec<Ident>,
}

impl<'a> Harness<'a> {
    fn new(signature: &'a Signature) -> Self {
        let names = |letter: &str| {
            let count = signature.parameters.len();
            (0..count)
                .map(|index| format_ident!("{letter}{index}"))
                .collect()
        };
        Harness {
            signature,
            arguments: names("a"),
            directions: names("d"),
            adjoints: names("b"),
        }
    }

    fn check_at(&self, body: TokenStream) -> TokenStream {
        let parameters = self.signature.parameters.iter();
        let parameters = parameters.map(|Parameter { point, owned, .. }| quote!(#point: #owned));
        quote!(fn check_at(__at: &'static str, __expect: ::oracle::Expect, #(#parameters),*) { #body })
    }

    /// The parameters with the variables of one of the lists.
    fn with<'b>(&'b self, names: &'b [Ident]) -> impl Iterator<Item = (&'b Parameter, &'b Ident)> {
        self.signature.parameters.iter().zip(names)
    }

    /// The fields that need no companion type.
    fn common(&self, options: &Options) -> TokenStream {
        let name = self.signature.name.to_string();
        let single = self.signature.single();
        let tolerance = match &options.tolerance {
            Some(tolerance) => quote!(#tolerance),
            None => quote!(1e-12),
        };
        let components = self
            .signature
            .active()
            .map(|Parameter { point, .. }| quote!(::oracle::Point::components(&#point, &mut x);));
        let replaced = self.signature.active().map(|parameter| {
            let (point, is_in_out) = (&parameter.point, parameter.is_in_out());
            quote!(replaced.extend(vec![#is_in_out; ::oracle::count(&#point)]);)
        });
        let (rebuild, call, output) = (self.rebuild(), self.call(), self.output());
        let (result, opened) = (&self.signature.result, &self.signature.opened);
        let twin_arguments = self.with(&self.arguments).map(|(parameter, name)| {
            let point = &parameter.point;
            let mutable = (parameter.passing == Passing::Exclusive).then(|| quote!(mut));
            let components = if parameter.active {
                quote!(&mut __x)
            } else {
                quote!(&mut ::oracle::constants(&#point).into_iter())
            };
            quote!(let #mutable #name = ::oracle::Point::dual(&#point, #components);)
        });
        let passed = self
            .with(&self.arguments)
            .map(|(parameter, name)| parameter.argument(name));
        let finals = self
            .with(&self.arguments)
            .filter(|(parameter, _)| parameter.is_in_out());
        let finals = finals.map(|(Parameter { owned, .. }, name)| {
            quote!(<#owned as ::oracle::Point>::dual_components(&#name, &mut __y);)
        });
        quote! {
            name: #name,
            at: __at,
            expect: __expect,
            single: #single,
            tolerance: #tolerance,
            x: { let mut x = Vec::new(); #(#components)* x },
            replaced: { let mut replaced = Vec::new(); #(#replaced)* replaced },
            primal: &|__x| { #rebuild #call #output },
            twin: &|__x| {
                let mut __x = __x.iter().copied();
                #(#twin_arguments)*
                let __r = twin(#(#passed),*)#opened;
                let mut __y = Vec::new();
                <#result as ::oracle::Point>::dual_components(&__r, &mut __y);
                #(#finals)*
                __y
            }
        }
    }

    /// Rebuilds the arguments from the flat point `__x`.
    fn rebuild(&self) -> TokenStream {
        let lets = self.with(&self.arguments).map(|(parameter, name)| {
            let point = &parameter.point;
            let mutable = (parameter.passing == Passing::Exclusive).then(|| quote!(mut));
            if parameter.active {
                quote!(let #mutable #name = ::oracle::Point::with(&#point, &mut __xs);)
            } else {
                quote!(let #mutable #name = #point.clone();)
            }
        });
        quote!(let mut __xs = __x.iter().copied(); #(#lets)*)
    }

    /// The arguments as passed.
    fn passed(&self) -> TokenStream {
        let passed = self
            .with(&self.arguments)
            .map(|(parameter, name)| parameter.argument(name));
        quote!(#(#passed),*)
    }

    /// The plain call.
    fn call(&self) -> TokenStream {
        let (name, result, passed) = (&self.signature.name, &self.signature.result, self.passed());
        let opened = &self.signature.opened;
        quote!(let __r: #result = super::#name(#passed)#opened;)
    }

    /// The result `__r` and the final in-out arguments, flattened.
    fn output(&self) -> TokenStream {
        let finals = self
            .with(&self.arguments)
            .filter(|(parameter, _)| parameter.is_in_out());
        let finals = finals.map(|(_, name)| quote!(__output.push(&#name);));
        quote!({
            let mut __output = ::oracle::Output::default();
            __output.push(&__r);
            #(#finals)*
            __output
        })
    }

    /// Directions of all active parameters from the flat vector `__v`.
    fn make_directions(&self) -> TokenStream {
        let lets = self
            .with(&self.directions)
            .filter(|(parameter, _)| parameter.active);
        let lets = lets.map(|(parameter, name)| {
            let point = &parameter.point;
            quote!(let mut #name = ::oracle::Point::tangent(&#point, &mut __vs);)
        });
        quote!(let mut __vs = __v.iter().copied(); #(#lets)*)
    }

    /// The directions as passed, each with a leading comma.
    fn passed_directions(&self) -> TokenStream {
        let active = self
            .with(&self.directions)
            .filter(|(parameter, _)| parameter.active);
        let passed = active.map(|(parameter, name)| parameter.direction(name));
        quote!(#(, #passed)*)
    }

    /// The adjoints of the active parameters that are not in-out: a pattern and its type.
    fn returned(&self) -> (TokenStream, TokenStream) {
        let returned: Vec<_> = self
            .with(&self.adjoints)
            .filter(|(parameter, _)| parameter.active && !parameter.is_in_out())
            .map(|(Parameter { owned, .. }, name)| {
                (name.clone(), quote!(<#owned as ::oracle::Point>::Tangent))
            })
            .collect();
        let (names, types): (Vec<_>, Vec<_>) = returned.into_iter().unzip();
        match &names[..] {
            [name] => (quote!(#name), types[0].clone()),
            _ => (quote!((#(#names),*)), quote!((#(#types),*))),
        }
    }

    /// The adjoints of all active parameters, flattened.
    fn flatten_adjoints(&self, names: &[Ident]) -> TokenStream {
        let active = self.with(names).filter(|(parameter, _)| parameter.active);
        let pushes = active.map(|(Parameter { owned, .. }, name)| {
            quote!(<#owned as ::oracle::Point>::tangent_components(&#name, &mut __bar);)
        });
        quote!({ let mut __bar = Vec::new(); #(#pushes)* __bar })
    }

    /// The cotangent `__dr` of the result from the flat vector `__w`, which the in-out adjoints go on reading.
    fn make_cotangent(&self) -> TokenStream {
        let (name, result) = (&self.signature.name, &self.signature.result);
        if self.signature.returns_unit() {
            return quote!(let mut __ws = __w.iter().copied(););
        }
        if self.signature.returns_scalar() {
            return quote! {
                let mut __ws = __w.iter().copied();
                let __dr: #result = ::oracle::Point::tangent(&(0.0 as #result), &mut __ws);
            };
        }
        // The shape of the result is what a plain call returns.
        let (rebuild, passed) = (self.rebuild(), self.passed());
        let opened = &self.signature.opened;
        quote! {
            let mut __ws = __w.iter().copied();
            let __dr = {
                #rebuild
                let __r: #result = super::#name(#passed)#opened;
                ::oracle::Point::tangent(&__r, &mut __ws)
            };
        }
    }

    /// The cotangent as passed, with a leading comma.
    fn passed_cotangent(&self) -> TokenStream {
        if self.signature.returns_unit() {
            return TokenStream::new();
        }
        if crate::signature::is_vec(&self.signature.result) {
            quote!(, &__dr)
        } else {
            quote!(, __dr)
        }
    }

    /// All adjoints as passed to the `_into` forms, each with a leading comma.
    fn pass_adjoints(&self) -> TokenStream {
        let active = self
            .with(&self.adjoints)
            .filter(|(parameter, _)| parameter.active);
        let names = active.map(|(_, name)| name);
        quote!(#(, &mut #names)*)
    }
}
