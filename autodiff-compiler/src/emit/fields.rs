//! Fields of structs, whose types only rustc knows: what they were taken for is said where they are read, so that it
//! finds out.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote;

use super::body::Body;
use super::effects::Effects;
use super::expression::{Expression, Level};
use super::pending::Taken;
use crate::ir::{Code, Op, Operand, Place, Projection, ScalarType, Stmt, Struct, Type, ValueId};

/// A value of a struct.
pub(super) fn literal(of: &Struct, values: &[TokenStream]) -> TokenStream {
    let constructor = of.constructor.as_ref().map(Code::tokens);
    let is_tuple = of
        .names
        .iter()
        .all(|name| name.text().parse::<usize>().is_ok());
    if !is_tuple || values.is_empty() {
        let names = of.names.iter().map(Code::tokens);
        return quote!(#constructor { #(#names: #values),* });
    }
    let mut in_order: Vec<(usize, &TokenStream)> = of
        .names
        .iter()
        .filter_map(|name| name.text().parse().ok())
        .zip(values)
        .collect();
    in_order.sort_by_key(|(position, _)| *position);
    let values = in_order.into_iter().map(|(_, value)| value);
    quote!(#constructor(#(#values),*))
}

/// The tokens where others end, so that errors about them stand where a field is read.
fn at_its_end(tokens: TokenStream, of: &TokenStream) -> TokenStream {
    fn spanned(tokens: TokenStream, span: Span) -> TokenStream {
        let at = |tree| match tree {
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), spanned(group.stream(), span)))
            }
            other => other,
        };
        let mut trees: Vec<TokenTree> = tokens.into_iter().map(at).collect();
        trees.iter_mut().for_each(|tree| tree.set_span(span));
        trees.into_iter().collect()
    }
    match of.clone().into_iter().last() {
        Some(last) => spanned(tokens, last.span()),
        None => tokens,
    }
}

impl Body<'_> {
    /// Whether a place of the primal is a field of a struct, or inside of one.
    pub(super) fn is_inside_of_a_struct(&self, place: &Place) -> bool {
        let mut ty = Some(&self.function.memories[place.memory].ty);
        !self.function.derived.contains(&place.memory)
            && place.path.iter().any(|step| {
                let above = ty;
                ty = above.and_then(|above| above.below(step));
                matches!(above, Some(Type::Struct(_)))
            })
    }

    /// Reads a field under the type that it was taken for.
    pub(super) fn load_field(
        &mut self,
        value: ValueId,
        place: &Place,
        expression: Expression,
        effects: &Effects,
        taken: &Taken,
    ) {
        if self.variables.use_count(value) == 0 && effects.is_pure() {
            return;
        }
        self.settle(effects, taken);
        let private = self.context.private.clone();
        let known = self.function.values[value].ty != ScalarType::Inferred;
        if known {
            return self.declare_typed(value, &expression, true);
        }
        if !self.is_only_compared(value) {
            let (root, part) = self.asserted(place);
            self.write(at_its_end(quote!(#private::inactive(#root, #part);), &part));
        }
        let field = expression.at(Level::Unary);
        let copy = Expression::new(quote!(#private::Clone::clone(&#field)), Level::Postfix);
        self.declare_typed(value, &copy, false);
    }

    /// A reference to a memory, and a function from its tangent to the part that belongs to a place.
    fn asserted(&self, place: &Place) -> (TokenStream, TokenStream) {
        let info = &self.function.memories[place.memory];
        let ident = &self.memories[&place.memory];
        let root = match self.is_reference(place.memory) {
            true => quote!(&*#ident),
            false => quote!(&#ident),
        };
        let mut names = self.names.clone();
        let tangent = names.fresh("tangent");
        let mut part = quote!(#tangent);
        let mut ty = Some(&info.ty);
        for step in &place.path {
            let above = ty;
            ty = above.and_then(|above| above.below(step));
            match step {
                Projection::Index(_) => part = quote!(#part[0]),
                Projection::Section(_) => part = quote!(#part[..]),
                Projection::Field(field) => {
                    part = match above {
                        Some(Type::Struct(found)) => {
                            let name = found.names[*field].tokens();
                            quote!(#part.#name)
                        }
                        _ => {
                            let field = syn::Index::from(*field);
                            quote!(#part.#field)
                        }
                    };
                }
            }
        }
        (root, quote!(|#tangent| &#part))
    }

    /// Whether a value is compared and nothing else, which has no derivative whatever it is.
    fn is_only_compared(&self, value: ValueId) -> bool {
        let mut other_uses = false;
        let is_it = |operand: &Operand| *operand == Operand::Value(value);
        self.function.body.for_each_stmt(&mut |stmt| {
            let compared = matches!(
                stmt,
                Stmt::Let {
                    op: Op::Compare(..),
                    ..
                }
            );
            let operands = super::operands::of_stmt(self.function, stmt);
            other_uses |= !compared && operands.into_iter().any(is_it);
            for block in stmt.blocks() {
                other_uses |= block.yields.iter().any(is_it);
            }
        });
        !other_uses
    }
}
