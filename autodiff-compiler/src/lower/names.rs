//! A short name for each value that the user did not name.

use crate::ir::{
    BinaryOp, Block, Code, Comparison, Function, Op, Place, Projection, Stmt, Struct, Type,
};

/// Names what has no name yet after what it is.
pub(super) fn complete(function: &mut Function) {
    let body = std::mem::take(&mut function.body);
    block(function, &body);
    function.body = body;
    for id in function.values.ids() {
        if function.values[id].name.is_empty() {
            "value".clone_into(&mut function.values[id].name);
        }
    }
    for id in function.memories.ids() {
        if function.memories[id].name.is_empty() {
            let name = match &function.memories[id].ty {
                Type::Struct(found) => of_struct(found),
                _ => "array".to_owned(),
            };
            function.memories[id].name = name;
        }
    }
}

/// The name of a struct, spelled as that of a variable.
fn of_struct(found: &Struct) -> String {
    let path = found.path.as_ref().or(found.constructor.as_ref());
    let text = path.map_or("", Code::text);
    let text = text
        .split(['<', ' '])
        .rfind(|part| part.starts_with(char::is_alphabetic));
    let mut name = String::new();
    for c in text.unwrap_or("whole").chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}

/// The name of the last field of a struct on the way, or of the memory.
fn of_place(function: &Function, place: &Place) -> String {
    let info = &function.memories[place.memory];
    let mut name = info.name.clone();
    let mut ty = Some(&info.ty);
    for step in &place.path {
        if let (Some(Type::Struct(found)), Projection::Field(field)) = (ty, step)
            && let text = found.names[*field].text()
            && text.starts_with(|first: char| !first.is_ascii_digit())
        {
            text.strip_prefix("r#")
                .unwrap_or(text)
                .clone_into(&mut name);
        }
        ty = ty.and_then(|ty| ty.below(step));
    }
    name
}

fn block(function: &mut Function, within: &Block) {
    for stmt in &within.stmts {
        let (value, name) = match stmt {
            Stmt::Let { value, op } => (*value, word(op).to_owned()),
            Stmt::Load { value, place } => (*value, of_place(function, place)),
            Stmt::Call(call) => {
                let name = word_of_callee(&call.callee.name);
                call.visit_defined(&mut |value| {
                    let info = &mut function.values[*value];
                    if info.name.is_empty() {
                        info.name.clone_from(&name);
                    }
                });
                call.visit_memories(&mut |memory| {
                    let info = &mut function.memories[*memory];
                    if info.name.is_empty() {
                        info.name.clone_from(&name);
                    }
                });
                continue;
            }
            Stmt::If(branch) => {
                block(function, &branch.then);
                block(function, &branch.otherwise);
                continue;
            }
            Stmt::For(looping) => {
                block(function, &looping.body);
                continue;
            }
            Stmt::While(looping) => {
                block(function, &looping.condition);
                block(function, &looping.body);
                continue;
            }
            _ => continue,
        };
        let info = &mut function.values[value];
        if info.name.is_empty() {
            info.name = name;
        }
    }
}

/// What a call gives is named after the function.
fn word_of_callee(callee: &str) -> String {
    let last = callee.rsplit("::").next().unwrap_or(callee);
    let name = last.split('<').next().unwrap_or(last).trim();
    let name = name.strip_prefix("r#").unwrap_or(name);
    format!("{name}_result")
}

fn word(op: &Op) -> &str {
    match op {
        Op::Prim(prim, _) => prim.name(),
        Op::Binary(op, ..) => match op {
            BinaryOp::Add => "add",
            BinaryOp::Sub => "sub",
            BinaryOp::Mul => "mul",
            BinaryOp::Div => "div",
            BinaryOp::Rem => "rem",
            BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => "bits",
            BinaryOp::Shl | BinaryOp::Shr => "shift",
            BinaryOp::And => "both",
            BinaryOp::Or => "either",
        },
        Op::Not(_) => "not",
        Op::Negate(_) => "neg",
        Op::Compare(comparison, ..) => match comparison {
            Comparison::Equal => "equal",
            Comparison::NotEqual => "unequal",
            Comparison::Less | Comparison::LessEqual => "less",
            Comparison::Greater | Comparison::GreaterEqual => "greater",
        },
        Op::Select(..) => "chosen",
        Op::Cast(..) => "cast",
        Op::Method(name, _) => name,
        Op::Pure(_) | Op::Opaque(_) => "outcome",
        Op::Len(_) => "len",
        Op::Copy(_) => "copy",
    }
}
