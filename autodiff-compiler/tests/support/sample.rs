//! The sample functions of the workspace, read as text.

use std::path::Path;

use autodiff_compiler::interpret::{Datum, Settings};
use autodiff_compiler::ir::{Binding, Function, Literal, Operand, Output, ScalarType, Type};
use autodiff_compiler::lower;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Item, ItemFn, Lit, LitFloat, Token, UnOp, parenthesized};

/// One function with its attribute `#[checked(..)]`.
pub struct Sample {
    /// The file and the function.
    pub name: String,
    /// The function without the attribute.
    pub item: ItemFn,
    /// What `options(..)` says, for `#[differentiable]`.
    pub options: TokenStream,
    /// The arguments of each `at(..)`.
    pub points: Vec<Vec<Expr>>,
    /// The arguments of each `panics(..)`.
    pub panics: Vec<Vec<Expr>>,
    /// The arguments of each `edge(at(..), gradient(..))`, with the gradient that the conventions give.
    pub edges: Vec<(Vec<Expr>, Vec<Expr>)>,
    /// The relative tolerance where it is not the usual one.
    pub tolerance: Option<f64>,
    /// The constants and the helper functions that stand beside it.
    pub settings: Settings,
}

/// All samples.
///
/// # Panics
///
/// When a file can't be read.
pub fn all() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/samples");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the samples are part of the workspace")
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| of_file(path)).collect()
}

/// The samples of forty to a hundred lines with nested loops: those of the files `large_*.rs`.
pub fn large() -> Vec<Sample> {
    let mut samples = all();
    samples.retain(|sample| sample.name.starts_with("large_"));
    samples
}

fn of_file(path: &Path) -> Vec<Sample> {
    let text = std::fs::read_to_string(path).expect("a sample file can be read");
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let settings = surroundings(&file.items);
    let functions = file.items.into_iter().filter_map(|item| match item {
        Item::Fn(function) => Some(function),
        _ => None,
    });
    functions
        .filter_map(|function| sample(&stem, function, &settings))
        .collect()
}

fn sample(stem: &str, mut item: ItemFn, settings: &Settings) -> Option<Sample> {
    let position = item.attrs.iter().position(is_checked)?;
    let attribute = item.attrs.remove(position);
    let mut sample = Sample {
        name: format!("{stem}::{}", item.sig.ident),
        item,
        options: TokenStream::new(),
        points: Vec::new(),
        panics: Vec::new(),
        edges: Vec::new(),
        tolerance: None,
        settings: settings.clone(),
    };
    let tokens = attribute
        .meta
        .require_list()
        .expect("`checked` has arguments")
        .tokens
        .clone();
    let read = |input: ParseStream<'_>| read_options(input, &mut sample);
    read.parse2(tokens)
        .unwrap_or_else(|error| panic!("{}: {error}", sample.name));
    Some(sample)
}

fn read_options(input: ParseStream<'_>, sample: &mut Sample) -> syn::Result<()> {
    while !input.is_empty() {
        let key: Ident = input.parse()?;
        if key == "tolerance" {
            input.parse::<Token![=]>()?;
            sample.tolerance = Some(input.parse::<LitFloat>()?.base10_parse()?);
        } else {
            let content;
            parenthesized!(content in input);
            match key.to_string().as_str() {
                "at" => sample.points.push(expressions(&content)?),
                "panics" => sample.panics.push(expressions(&content)?),
                "edge" => {
                    let point = named_list(&content, "at")?;
                    content.parse::<Token![,]>()?;
                    sample
                        .edges
                        .push((point, named_list(&content, "gradient")?));
                }
                "options" => sample.options = content.parse()?,
                // The twins of these are none of ours.
                "calls" => _ = content.parse::<TokenStream>()?,
                _ => {
                    return Err(syn::Error::new(
                        key.span(),
                        "an unknown argument of `checked`",
                    ));
                }
            }
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

fn expressions(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    Ok(Punctuated::<Expr, Token![,]>::parse_terminated(input)?
        .into_iter()
        .collect())
}

fn named_list(input: ParseStream<'_>, name: &str) -> syn::Result<Vec<Expr>> {
    let key: Ident = input.parse()?;
    if key != name {
        return Err(syn::Error::new(key.span(), format!("`{name}` stands here")));
    }
    let content;
    parenthesized!(content in input);
    expressions(&content)
}

fn is_checked(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("checked")
}

/// The constants among `items`, and the functions that are not samples themselves.
fn surroundings(items: &[Item]) -> Settings {
    let mut settings = Settings {
        fuel: 10_000_000,
        ..Settings::default()
    };
    add_surroundings(items, "", &mut settings);
    settings
}

fn add_surroundings(items: &[Item], prefix: &str, settings: &mut Settings) {
    for item in items {
        match item {
            Item::Const(constant) => add_constant(
                &constant.ident,
                &constant.ty,
                &constant.expr,
                prefix,
                settings,
            ),
            Item::Static(constant) => add_constant(
                &constant.ident,
                &constant.ty,
                &constant.expr,
                prefix,
                settings,
            ),
            Item::Fn(function) if !function.attrs.iter().any(is_checked) => {
                if let Some(lowered) = inactive_function(function.clone()) {
                    settings
                        .calls
                        .insert(format!("{prefix}{}", function.sig.ident), lowered);
                }
            }
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    add_surroundings(items, &format!("{prefix}{}::", module.ident), settings);
                }
            }
            _ => {}
        }
    }
}

/// Interprets a function without parameters that returns the expression.
fn add_constant(name: &Ident, ty: &syn::Type, expr: &Expr, prefix: &str, settings: &mut Settings) {
    let function = inactive_function(syn::parse_quote!(fn constant() -> #ty { #expr }));
    if let Some(Ok(outcome)) = function.map(|function| settings.run(&function, Vec::new())) {
        settings
            .constants
            .insert(format!("{prefix}{name}"), outcome.output);
    }
}

/// Lowers a function that need not have an active parameter, by lending it one.
fn inactive_function(mut item: ItemFn) -> Option<Function> {
    item.sig.inputs.push(syn::parse_quote!(lent: f64));
    let mut function = lower::function(TokenStream::new(), &item).1.ok()?.function;
    function.parameters.pop();
    Some(function)
}

/// The arguments of a point; `Err` names what can't be read.
pub fn arguments(
    function: &Function,
    point: &[Expr],
    settings: &Settings,
) -> Result<Vec<Datum>, String> {
    function
        .parameters
        .iter()
        .zip(point)
        .map(|(parameter, expr)| {
            let ty = match parameter.binding {
                Binding::Value(value) => Type::Scalar(function.values[value].ty.clone()),
                Binding::Memory(memory) => function.memories[memory].ty.clone(),
            };
            datum(expr, &ty, settings)
                .ok_or_else(|| format!("the argument `{}`", expr.to_token_stream()))
        })
        .collect()
}

fn datum(expr: &Expr, ty: &Type, settings: &Settings) -> Option<Datum> {
    match (expr, ty) {
        (Expr::Reference(inner), _) => datum(&inner.expr, ty, settings),
        (Expr::Paren(inner), _) => datum(&inner.expr, ty, settings),
        (Expr::Group(inner), _) => datum(&inner.expr, ty, settings),
        (Expr::Array(array), _) => {
            let element = ty.element()?;
            array
                .elems
                .iter()
                .map(|part| datum(part, element, settings))
                .collect::<Option<_>>()
                .map(Datum::List)
        }
        (Expr::Repeat(repeat), _) => {
            let Expr::Lit(syn::ExprLit {
                lit: Lit::Int(count),
                ..
            }) = &*repeat.len
            else {
                return None;
            };
            let part = datum(&repeat.expr, ty.element()?, settings)?;
            Some(Datum::List(vec![part; count.base10_parse().ok()?]))
        }
        (Expr::Struct(literal), Type::Struct(found)) => {
            let fields = found.names.iter().zip(&found.types).map(|(name, ty)| {
                let field = literal
                    .fields
                    .iter()
                    .find(|field| field.member.to_token_stream().to_string() == name.text())?;
                datum(&field.expr, ty, settings)
            });
            fields.collect::<Option<_>>().map(Datum::Tuple)
        }
        (Expr::Call(call), Type::Struct(found)) => {
            let parts = found.names.iter().zip(&found.types).map(|(name, ty)| {
                let position: usize = name.text().parse().ok()?;
                datum(call.args.iter().nth(position)?, ty, settings)
            });
            parts.collect::<Option<_>>().map(Datum::Tuple)
        }
        (Expr::Macro(list), _) if list.mac.path.is_ident("vec") => {
            let tokens = &list.mac.tokens;
            let array: Expr = syn::parse2(quote::quote!([#tokens])).ok()?;
            datum(&array, ty, settings)
        }
        (Expr::Tuple(tuple), Type::Tuple(types)) => {
            let parts = tuple
                .elems
                .iter()
                .zip(types)
                .map(|(part, ty)| datum(part, ty, settings));
            parts.collect::<Option<_>>().map(Datum::Tuple)
        }
        (_, Type::Scalar(ty)) => scalar(expr, ty, settings),
        _ => None,
    }
}

/// The value of a literal with its sign, as the interpreter reads literals, or of a constant float.
fn scalar(whole: &Expr, ty: &ScalarType, settings: &Settings) -> Option<Datum> {
    let (sign, expr) = match whole {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => ("-", &*unary.expr),
        _ => ("", whole),
    };
    let text = match expr {
        Expr::Lit(syn::ExprLit { lit, .. }) => match lit {
            Lit::Int(literal) => literal.base10_digits().to_owned(),
            Lit::Float(literal) => literal.base10_digits().to_owned(),
            Lit::Bool(literal) => literal.value.to_string(),
            Lit::Char(literal) => literal.token().to_string(),
            _ => return None,
        },
        _ => {
            return numbers(std::slice::from_ref(whole), settings)?
                .first()
                .map(|&number| number.into());
        }
    };
    let literal = Literal {
        text: format!("{sign}{text}"),
        ty: ty.clone(),
    };
    let function = Function {
        output: Output::Scalar(Operand::Literal(literal)),
        ..Function::default()
    };
    settings
        .run(&function, Vec::new())
        .ok()
        .map(|outcome| outcome.output)
}

/// The numbers of a gradient written as expressions.
pub fn numbers(expressions: &[Expr], settings: &Settings) -> Option<Vec<f64>> {
    let mut numbers = Vec::new();
    for expr in expressions {
        match expr {
            Expr::Array(array) => {
                let parts: Vec<Expr> = array.elems.iter().cloned().collect();
                numbers.extend(self::numbers(&parts, settings)?);
            }
            _ => {
                let function = inactive_function(syn::parse_quote!(fn number() -> f64 { #expr }))?;
                numbers.extend(settings.run(&function, Vec::new()).ok()?.output.floats());
            }
        }
    }
    Some(numbers)
}
