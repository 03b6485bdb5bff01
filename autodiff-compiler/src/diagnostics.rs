//! The catalogue of errors, and the accumulator that keeps all errors of a function.

use proc_macro2::Span;
use quote::{ToTokens, quote, quote_spanned};

/// One entry of the catalogue. `{}` in a text stands for a detail that is known where the error is raised.
#[derive(Debug)]
pub struct Entry {
    /// The entry's name, in lower case with underscores; its test case is `tests/ui/<name>.rs`.
    pub name: &'static str,
    /// What is wrong, in the user's terms.
    pub message: &'static str,
    /// What to write instead.
    pub help: &'static str,
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident, $file:literal: $message:literal, $help:literal;)*) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: Entry = Entry { name: $file, message: $message, help: $help };
        )*

        /// All entries of the catalogue.
        pub fn catalogue() -> Vec<&'static Entry> {
            vec![$(&$name),*]
        }
    };
}

catalogue! {
    /// An option of the attribute that API.md does not know.
    UNKNOWN_OPTION, "unknown_option":
        "`{}` is not an option of `#[differentiable]`",
        "the options are `wrt(..)`, `order = 1`, `partials(..)`, `jvp = path`, `vjp = path`, `hvp = path`, `companion = Name`, `with(..)`, `scalar(Alias)`, `crate = path`, and for methods `associated` and `skip`";
    /// An option that is not built yet.
    OPTION_NOT_SUPPORTED, "option_not_supported":
        "the option `{}` is not supported yet",
        "the options supported so far are `wrt(..)`, `order = 1`, `partials(..)`, `jvp = path`, `vjp = path`, `hvp = path`, `companion = Name`, `with(..)`, `scalar(Alias)`, `crate = path`, and for methods `associated` and `skip`";
    /// The attribute stands on something else than a function.
    NOT_A_FUNCTION, "not_a_function":
        "`#[differentiable]` goes on a function, a method or an `impl` block",
        "put it on a `fn` with a body, or on the `impl` block of a type";
    /// The `impl` of a trait for a type that takes no inherent methods here.
    FOREIGN_IMPL, "foreign_impl":
        "the derivatives of a trait's methods stand in an inherent `impl` block, and `{}` takes none",
        "put the attribute on the `impl` for a type of this crate, by value or behind `&`; or write a method or a free function that does the same";
    /// Deeper than the stack of the compiler.
    NESTED_TOO_DEEPLY, "nested_too_deeply":
        "this stands too deep inside of other code, or behind too many operators or exits, to be differentiated",
        "give parts of it names by `let`, or move them into functions of their own";
    /// More code than a compiler has time for.
    EXPANDS_TOO_FAR, "expands_too_far":
        "this function is too large with all its closures and iterators written out where they are used",
        "make a closure that others call a function of its own, with `#[differentiable]`";
    /// The attribute stands on a type, where it is not the derivation's.
    ON_A_TYPE, "on_a_type":
        "`#[differentiable]` goes on functions; a type is made differentiable by a derivation",
        "write `#[derive(autodiff::Differentiable)]` on the type, and below it `#[differentiable(..)]` with its options, if any";
    /// The derivation on an enum.
    DERIVE_ENUM, "derive_enum":
        "`Differentiable` cannot be derived for an enum: its variants have no common tangent",
        "derive it for a struct, and mark a field that holds this enum `#[no_derivative]`; for a value that may be absent, use `Option`";
    /// The derivation on a union.
    DERIVE_UNION, "derive_union":
        "`Differentiable` cannot be derived for a union: which field it holds is not known",
        "derive it for a struct";
    /// An option of the derivation.
    DERIVE_OPTION, "derive_option":
        "this is not an option of `#[derive(Differentiable)]`",
        "the options are `default`, `copy`, `tangent = Name` and `crate = path`, on the struct; a field takes `#[no_derivative]`";
    /// `#[no_derivative]` with arguments, or not on a field.
    NO_DERIVATIVE, "no_derivative":
        "`#[no_derivative]` goes on a field, and takes no arguments",
        "write `#[no_derivative] name: Type`";
    /// `order` takes 1 or 2.
    BAD_ORDER, "bad_order":
        "`order` is 1 or 2",
        "write `order = 1` for first derivatives alone; 2 is the default";
    /// The syntax of an option.
    BAD_OPTION, "bad_option":
        "this option of `#[differentiable]` is not well formed",
        "write `wrt(x, y)`, `order = 1`, `partials(df_dx, df_dy)`, `jvp = path`, `vjp = path`, `hvp = path`, `companion = Name`, `with(function = Name)`, `scalar(Alias)`, `crate = path`, `associated` or `skip`";
    /// Two kinds of rules at once.
    RULE_MIXED, "rule_mixed":
        "`{}` stands beside `partials`, and either gives all derivatives",
        "leave one of the two out: `partials(..)` is for functions of scalars, `jvp = ` and `vjp = ` are for all functions";
    /// A rule without one of its directions.
    RULE_INCOMPLETE, "rule_incomplete":
        "`{}` is only a part of a rule",
        "give `jvp = path` and `vjp = path`, and where second derivatives are wanted `hvp = path`";
    /// The number of partial derivatives.
    PARTIALS_COUNT, "partials_count":
        "{} named here for {}",
        "name one function for each of {}, in this order, or leave parameters out with `wrt(..)`";
    /// `partials` on something else than a function of scalars.
    PARTIALS_SCALAR, "partials_scalar":
        "`partials` is for functions of scalars of one type, and {} is something else",
        "write the derivatives as functions, and name them by `jvp = path` and `vjp = path`";
    /// `hvp` on a function without second derivatives.
    RULE_HVP, "rule_hvp":
        "`hvp` belongs to functions that return one floating-point number and change no active parameter",
        "leave it out";
    /// `order` beside a rule that says something else.
    RULE_ORDER, "rule_order":
        "a rule by `jvp` and `vjp` is of second order exactly if it has an `hvp`",
        "leave `order` out, and give `hvp = path` where second derivatives are wanted";
    /// A parameter that a rule cannot be called with again.
    RULE_PARAMETER, "rule_parameter":
        "a rule by `jvp` and `vjp` is called once for each cotangent, and `{}` may be another one each time",
        "hand it over behind `&`, or as `impl Fn(..)`";
    /// `wrt` names something that is not a parameter.
    WRT_UNKNOWN, "wrt_unknown":
        "`wrt` names `{}`, which is not a parameter",
        "name parameters of the function in `wrt(..)`";
    /// `wrt` names a parameter that cannot be active.
    WRT_INACTIVE, "wrt_inactive":
        "`{}` holds no floating-point number, so nothing can be differentiated with respect to it",
        "leave it out of `wrt(..)`";
    /// Nothing to differentiate with respect to.
    NOTHING_ACTIVE, "nothing_active":
        "no parameter is active, so there is nothing to differentiate with respect to",
        "give the function a floating-point parameter, or name one in `wrt(..)`";
    /// A parameter whose type the compiler does not know.
    PARAMETER_TYPE, "parameter_type":
        "the type `{}` of an active parameter is not supported yet",
        "use `f32`, `f64`, arrays, slices, `Vec`s or tuples of them, declare an alias of a scalar with `scalar(..)`, or leave the parameter out with `wrt(..)`";
    /// A parameter passed by value that has no copies.
    USED_ONCE, "used_once":
        "a value of the type `{}` can be used only once, and some derivatives run the function several times",
        "pass it behind `&`, or a function as `impl Fn(..)`";
    /// A result whose type the compiler does not know.
    RESULT_TYPE, "result_type":
        "the result type `{}` is not supported yet",
        "return scalars, arrays, tuples or `Vec`s of them";
    /// A reference without lifetime in what a function fails with.
    ELIDED_LIFETIME, "elided_lifetime":
        "this reference needs the name of its lifetime, since derivative functions take more references than the function",
        "name it, as in `fn f<'a>(x: f64, text: &'a str) -> Result<f64, &'a str>`";
    /// A result behind a reference.
    RESULT_REFERENCE, "result_reference":
        "a differentiable function cannot return a reference",
        "return the value itself, or write to a `&mut` parameter";
    /// `async`, `unsafe`, `extern` and the like.
    FUNCTION_MODIFIER, "function_modifier":
        "a differentiable function cannot be `{}`",
        "put the numerical part into an ordinary function and call that from here";
    /// Type parameters.
    GENERIC_TYPE, "generic_type":
        "this type parameter is not known to be a scalar",
        "bound it by `num_traits::Float`, or write the function for `f64` or `f32`";
    /// A pattern that is not supported.
    PATTERN, "pattern":
        "this pattern is not supported yet",
        "bind names, numbers, ranges, tuples or arrays, and look into other values with `if`";
    /// An or-pattern that binds names below the top of an arm.
    OR_PATTERN_BINDS, "or_pattern_binds":
        "names bound by `|` inside another pattern are not supported yet",
        "write an arm for each alternative";
    /// An expression that is not supported.
    EXPRESSION, "expression":
        "{} not supported in a differentiable function yet",
        "{}";
    /// A closure.
    CLOSURE, "closure":
        "a closure cannot be a value in a differentiable function",
        "give it a name by `let f = |x| …;` and call it, or hand it to a method of an iterator";
    /// A closure as the argument of a function.
    CLOSURE_ARGUMENT, "closure_argument":
        "a closure is handed to a function that `#[differentiable]` cannot look into",
        "write the body of the function here, or hand over what the closure gives";
    /// A part of an iterator chain that is not supported.
    ITERATOR, "iterator":
        "{} not supported here",
        "{}";
    /// An iterator that nothing runs where it stands.
    ITERATOR_VALUE, "iterator_value":
        "an iterator cannot be a value in a differentiable function",
        "consume it here, by `for`, `sum`, `fold` or `collect`, or give it a name by `let it = …;` and consume that";
    /// `collect` into something else than a `Vec`.
    COLLECT, "collect":
        "only `Vec`s can be collected",
        "{}";
    /// A closure that runs for items that nobody gets.
    CLOSURE_EFFECT, "closure_effect":
        "here std may run a closure for items that nobody gets, and this one can panic or change something",
        "put the closure behind it, as in `a.zip(b).map(…)`, or write a `for` loop";
    /// A method of slices, arrays and `Vec`s.
    COLLECTION_METHOD, "collection_method":
        "the method `{}` of slices, arrays and `Vec`s is not supported yet",
        "{}";
    /// A method of floats without rule.
    FLOAT_METHOD, "float_method":
        "no derivative is known for the method `{}` of floats",
        "write it in terms of the arithmetic operators and other methods of `f64`";
    /// A method of integers that leaves the scalars.
    INTEGER_METHOD, "integer_method":
        "the method `{}` of integers is not supported yet",
        "compute it in a function of its own, `fn helper(n: usize) -> usize`, and call that";
    /// A method on a value of unknown type.
    UNKNOWN_RECEIVER, "unknown_receiver":
        "the type of this value is not known here",
        "annotate the variable: `let x: f64 = …`, `let v: Vec<f64> = …`";
    /// A literal of what is no struct.
    STRUCT, "struct_literal":
        "variants of enums with fields are not supported yet",
        "use a struct, a tuple or single variables";
    /// A value of a struct of which not all fields are known, where it is needed as a whole.
    STRUCT_FIELDS, "struct_fields":
        "this value is needed as a whole, and the function does not show which fields it has",
        "write it out where it is made: `Point { x, y, z }`, without `..`; copies of a slice are `points.to_vec()`";
    /// A variable that holds structs as wholes, where a derivative could not have one of its own.
    STRUCT_VARIABLE, "struct_variable":
        "a variable that holds whole structs gets its value once, where it is declared outside of loops and branches",
        "keep the fields that are needed in variables of their own: `let (x, y) = (p.x, p.y);`";
    /// `?`
    QUESTION_MARK, "question_mark":
        "`?` inside of a closure is not supported",
        "use `?` outside of the closure, in a function that returns `Result` or `Option`";
    /// A part of what is no array, or by value.
    SUBSLICE, "subslice":
        "this is not a part of an array, slice or `Vec` behind a reference",
        "borrow the part: `&x[a..b]`, or `let [first, rest @ ..] = &x`";
    /// A reference that is chosen at run time or changed.
    REFERENCE, "reference":
        "this reference cannot be followed to the place that it points to",
        "use the variable itself, or copy the value: `let y = *r;`";
    /// A `&mut` handed to a function.
    MUTABLE_ARGUMENT, "mutable_argument":
        "only a variable of known type can be handed to a function as `&mut` here",
        "let the function return the new value, and assign it";
    /// A call of a closure or of something that is not a path.
    CALLEE, "callee":
        "only functions called by their path are supported yet",
        "call a function by its name";
    /// A call with an active argument whose derivative is not known.
    ACTIVE_CALL, "active_call":
        "`{}` is called with a value that depends on an active input, and its derivative is not known",
        "write its body here; where its result does not depend on the input, annotate it, as in `let i: usize = …`";
    /// A call whose result has a type that nothing tells.
    CALL_RESULT, "call_result":
        "the type of what `{}` gives is not known here",
        "annotate it: `let y: [f64; 3] = {}(…);`";
    /// A call where there are several floating-point types.
    MIXED_CALL, "mixed_call":
        "`{}` is differentiated along with a function that computes in several floating-point types, which is not supported yet",
        "compute in one type, or convert in a function of its own";
    /// A call that gives `Vec`s inside of something else.
    NESTED_RESULT, "nested_result":
        "`{}` gives `Vec`s inside of something else, which is not supported yet",
        "let it give one `Vec` of all elements, or fill a slice: `fn fill(x: f64, rows: &mut [f64])`";
    /// A call where there are structs.
    STRUCT_CALL, "struct_call":
        "`{}` is differentiated along with structs, which has first derivatives alone so far, and none of results that are structs",
        "write `#[differentiable(order = 1)]`, and return the fields in place of a struct";
    /// A macro that is not known.
    MACRO, "macro_call":
        "the macro `{}!` cannot be read by `#[differentiable]`",
        "write out what it expands to, or put it into a function of its own";
    /// A macro whose arguments are not expressions.
    MACRO_ARGUMENTS, "macro_arguments":
        "the arguments of this macro are not supported",
        "pass plain expressions, and a format string as a literal";
    /// A statement that is an item.
    NESTED_ITEM, "nested_item":
        "types, traits and modules inside of a differentiable function are not supported yet",
        "move the item out of the function";
    /// An array that an inactive function gave, where memory of the function's is needed.
    OPAQUE_ARRAY, "opaque_array":
        "this belongs to the result of a function that is not differentiated, and can only be read",
        "copy it into an array of its own first: `let mut y = [w[0], w[1]];`";
    /// A `Vec` inside of something else, replaced as a whole.
    NESTED_VEC, "nested_vec":
        "replacing a `Vec` of `Vec`s, or a `Vec` or a struct inside of something else, is not supported yet",
        "write its elements or fields one by one, or keep it in a variable of its own";
    /// A change of length of `Vec`s inside of others.
    NESTED_GROWTH, "nested_growth":
        "changing the length of this `Vec` is not supported: it is a part of a tuple, a struct or an array, it holds structs, or it holds `Vec`s and gets shorter or is made in a loop",
        "keep it in a variable of its own, declared ahead of all loops, and cut only `Vec`s of numbers, arrays or tuples";
    /// A change of length of a `Vec` of the caller's.
    BORROWED_GROWTH, "borrowed_growth":
        "the length of a `Vec` behind `&mut` cannot change in a differentiable function",
        "take the `Vec` by value, and return it";
    /// A `static` inside a body.
    LOCAL_STATIC, "local_static":
        "a `static` inside of a differentiable function would be a different one in each derivative",
        "move it out of the function";
    /// `#[cfg]` inside a body.
    CFG, "cfg":
        "`#[cfg]` inside a differentiable function is refused, since the macro cannot know whether it holds",
        "put `#[cfg]` on the whole function, or use `if cfg!(…)`";
    /// `#[checkpoint]` on a loop.
    CHECKPOINT, "checkpoint":
        "the iterations of this loop cannot be run again in segments: {}",
        "without `#[checkpoint]` the loop is differentiated all the same, with memory for each of its iterations";
    /// The arguments of `#[checkpoint]`.
    CHECKPOINT_OPTION, "checkpoint_option":
        "`#[checkpoint]` takes nothing, or how many iterations a segment has",
        "write `#[checkpoint]` or `#[checkpoint(every = 64)]`";
    /// Types that do not fit.
    TYPE_MISMATCH, "type_mismatch":
        "{} is needed here, and this is `{}`",
        "convert it with `as`, annotate the variables, or go through arrays element by element";
    /// A body that rustc refuses too, in all likelihood.
    ILL_TYPED, "ill_typed":
        "what this function does with its variables does not fit their types, as they are read here",
        "see what rustc says of the function without `#[differentiable]`; where that is nothing, annotate the variables, and report it";
    /// A method with too few arguments, or too many.
    ARGUMENT_COUNT, "argument_count":
        "`{}` does not take so many arguments",
        "{}";
    /// An alias of a scalar type in a cast.
    LOCAL_TYPE, "local_type":
        "the type `{}` is not known to be a scalar",
        "name the type itself, or declare the alias: `#[differentiable(scalar({}))]`";
    /// A value of unknown type where one is needed.
    UNKNOWN_TYPE, "unknown_type":
        "the type of `{}` is not known here",
        "annotate it: `let {}: f64 = …`";
    /// An assignment to something that is not a place.
    ASSIGNMENT, "assignment":
        "this cannot be assigned to",
        "assign to a variable, `x[i]` or `*x`";
    /// A loop label that is not in scope.
    LABEL, "label":
        "no loop in this function has the label `{}`",
        "name the label of a loop around this";
    /// A range loop that is not understood.
    RANGE, "range":
        "this range is not supported",
        "loop over `a..b`, `a..=b`, and their `.rev()` and `.step_by(n)`";
}

/// From the first token of something to its last: what an error underlines.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    first: Span,
    last: Span,
}

impl Extent {
    /// Where the macro was called.
    pub(crate) fn call_site() -> Self {
        Span::call_site().into()
    }

    /// The span of the first token.
    pub(crate) fn start(self) -> Span {
        self.first
    }
}

impl From<Span> for Extent {
    fn from(span: Span) -> Self {
        Self {
            first: span,
            last: span,
        }
    }
}

/// What has an extent. Stable Rust does not join the spans of two tokens, so both are kept.
pub(crate) trait Located {
    /// From the first token to the last.
    fn span(&self) -> Extent;
}

impl<T: ToTokens + ?Sized> Located for T {
    fn span(&self) -> Extent {
        let mut spans = self.to_token_stream().into_iter().map(|token| token.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        Extent {
            first,
            last: spans.last().unwrap_or(first),
        }
    }
}

/// All errors of one function. Dropping it without asking for them is a bug, and panics.
#[derive(Debug, Default)]
pub struct Errors {
    errors: std::cell::RefCell<Vec<syn::Error>>,
    seen: bool,
}

impl Errors {
    /// Raises an entry without details at `tokens`.
    pub(crate) fn at(&self, tokens: impl ToTokens, entry: &Entry) {
        self.with(tokens, entry, &[]);
    }

    /// Raises an entry at `tokens`; the details replace `{}` in its texts, in order.
    pub(crate) fn with(&self, tokens: impl ToTokens, entry: &Entry, details: &[&str]) {
        self.push(syn::Error::new_spanned(tokens, text(entry, details)));
    }

    /// As [`Self::with`], where the tokens themselves are no longer at hand.
    pub(crate) fn span(&self, extent: impl Into<Extent>, entry: &Entry, details: &[&str]) {
        let Extent { first, last } = extent.into();
        let (first, last) = (quote_spanned!(first=> first), quote_spanned!(last=> last));
        self.push(syn::Error::new_spanned(
            quote!(#first #last),
            text(entry, details),
        ));
    }

    fn push(&self, error: syn::Error) {
        let same = |other: &syn::Error| {
            other.to_string() == error.to_string()
                && format!("{:?}", other.span()) == format!("{:?}", error.span())
        };
        let mut errors = self.errors.borrow_mut();
        // A pattern is read twice, and one mistake makes one message.
        if !errors.iter().any(same) {
            errors.push(error);
        }
    }

    /// Whether no error has been raised so far.
    pub fn is_empty(&self) -> bool {
        self.errors.borrow().is_empty()
    }

    /// All errors, combined; `Ok` when there is none.
    ///
    /// # Errors
    ///
    /// When anything was raised.
    pub fn finish(mut self) -> syn::Result<()> {
        self.seen = true;
        let mut errors = std::mem::take(self.errors.get_mut()).into_iter();
        let Some(mut first) = errors.next() else {
            return Ok(());
        };
        errors.for_each(|error| first.combine(error));
        Err(first)
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(
            self.seen || std::thread::panicking(),
            "the errors of a function were never looked at"
        );
    }
}

fn text(entry: &Entry, details: &[&str]) -> String {
    let mut text = format!("{}\n\nhelp: {}", entry.message, entry.help);
    for detail in details {
        text = text.replacen("{}", detail, 1);
    }
    text
}
