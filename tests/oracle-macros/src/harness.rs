//! The test of one function: its derivative functions as closures over flat vectors, for the checks of the crate `oracle`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use crate::options::Options;
use crate::signature::{Extent, Parameter, Passing, Signature};

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
        quote!(fn check_at(__at: &'static str, #(#parameters),*) { #body })
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
        let result = &self.signature.result;
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
            single: #single,
            tolerance: #tolerance,
            x: { let mut x = Vec::new(); #(#components)* x },
            replaced: { let mut replaced = Vec::new(); #(#replaced)* replaced },
            primal: &|__x| { #rebuild #call #output },
            twin: &|__x| {
                let mut __x = __x.iter().copied();
                #(#twin_arguments)*
                let __r = twin(#(#passed),*);
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
        quote!(let __r: #result = super::#name(#passed);)
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
        // The shape of the result is what a plain call returns.
        let (rebuild, passed) = (self.rebuild(), self.passed());
        quote! {
            let mut __ws = __w.iter().copied();
            let __dr = {
                #rebuild
                let __r: #result = super::#name(#passed);
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

    /// `jvp`, `vjp`, `vjp_into`, `vjp_into_with`.
    fn first_order(&self) -> TokenStream {
        let (name, result) = (&self.signature.name, &self.signature.result);
        let (rebuild, passed, output) = (self.rebuild(), self.passed(), self.output());
        let (make_directions, directions) = (self.make_directions(), self.passed_directions());
        let (make_cotangent, cotangent) = (self.make_cotangent(), self.passed_cotangent());
        let unit = self.signature.returns_unit();

        let run_jvp = if unit {
            quote!(let (__r, __t): ((), ()) = (super::#name::jvp(#passed #directions), ());)
        } else {
            quote! {
                let (__r, __t): (#result, <#result as ::oracle::Point>::Tangent) =
                    super::#name::jvp(#passed #directions);
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
        let vjp_call = quote!(super::#name::vjp(#passed #cotangent #(, #pass_in_out)*));
        let returns_adjoints = self
            .signature
            .active()
            .any(|parameter| !parameter.is_in_out());
        let run_vjp = match (unit, returns_adjoints) {
            (true, true) => quote!(let (__r, #pattern): ((), #ty) = ((), #vjp_call);),
            (true, false) => quote!(let __r: () = #vjp_call;),
            (false, true) => quote!(let (__r, #pattern): (#result, #ty) = #vjp_call;),
            (false, false) => quote!(let __r: #result = #vjp_call;),
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
                    let __r: #result = super::#name::#function(#workspace #passed #cotangent #pass_all);
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

    /// All adjoints as passed to the `_into` forms, each with a leading comma.
    fn pass_adjoints(&self) -> TokenStream {
        let active = self
            .with(&self.adjoints)
            .filter(|(parameter, _)| parameter.active);
        let names = active.map(|(_, name)| name);
        quote!(#(, &mut #names)*)
    }

    /// The gradients of a scalar function.
    fn scalar(&self) -> TokenStream {
        if !self.signature.returns_scalar() || self.signature.has_in_out() {
            return quote!(None);
        }
        let (name, result) = (&self.signature.name, &self.signature.result);
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
                    let __r: #result = super::#name::#function(#workspace #passed #pass_all);
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
                    let #pattern: #ty = super::#name::gradient(#passed);
                    #adjoints
                },
                gradient_into: #gradient_into,
                gradient_into_with: #gradient_into_with,
                value_and_gradient: &|__x| {
                    #rebuild
                    let (__r, #pattern): (#result, #ty) = super::#name::value_and_gradient(#passed);
                    (#output, #adjoints)
                },
            })
        }
    }

    /// `pullback`, applied to several cotangents.
    fn pullback(&self) -> TokenStream {
        if self.signature.has_in_out() || self.signature.returns_unit() {
            return quote!(None);
        }
        let (name, rebuild, passed) = (&self.signature.name, self.rebuild(), self.passed());
        let output = self.output();
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
                let (__r, __back) = super::#name::pullback(#passed);
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

    /// `hvp`, `hessian`, `value_gradient_hessian`.
    fn second_order(&self) -> TokenStream {
        let Some(scalar) = &self.signature.scalar else {
            return quote!(None);
        };
        if !self.signature.returns_scalar() || self.signature.has_in_out() {
            return quote!(None);
        }
        let (name, result) = (&self.signature.name, &self.signature.result);
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
                    let (__g, __h): (#ty, #ty) = super::#name::hvp(#passed #directions);
                    let #pattern = __g;
                    let __gradient = #adjoints;
                    let #pattern = __h;
                    (__gradient, #adjoints)
                },
                hessian: &|__x| {
                    #rebuild
                    let __m: #hessian = super::#name::hessian(#passed);
                    #dense
                },
                value_gradient_hessian: &|__x| {
                    #rebuild
                    let (__r, #pattern, __m): (#result, #ty, #hessian) =
                        super::#name::value_gradient_hessian(#passed);
                    (#output, #adjoints, #dense)
                },
            })
        }
    }

    /// `jacobian`.
    fn jacobian(&self) -> TokenStream {
        let signature = self.signature;
        let Some(scalar) = &signature.scalar else {
            return quote!(None);
        };
        if signature.returns_scalar() || signature.returns_unit() || signature.has_in_out() {
            return quote!(None);
        }
        let (name, rebuild, passed) = (&signature.name, self.rebuild(), self.passed());
        let (jacobian, dense) = match (signature.inputs(), signature.outputs()) {
            (Extent::Fixed(n), Extent::Fixed(m)) => (quote!([[#scalar; #n]; #m]), from_arrays()),
            _ => (quote!(::autodiff::Matrix<#scalar>), from_matrix()),
        };
        quote! {
            Some(&|__x| {
                #rebuild
                let __m: #jacobian = super::#name::jacobian(#passed);
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
