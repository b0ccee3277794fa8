//! Formulas of price types: small bounded expressions over decimals.
//!
//! ```text
//! max(price("Purchase") * 1.25, cost * 1.1) + if quantity >= 100 { 0 } else { 0.5 }
//! ```
//!
//! | name | value |
//! | --- | --- |
//! | `price("Name")` | the product's price in another type, in this type's currency and VAT basis |
//! | `rate("USD")` | units of this type's currency for one US dollar |
//! | `cost` | cost of one unit, net of VAT, in this type's currency |
//! | `receipt` | price of the last receipt, likewise |
//! | `supply` | the supplier's price for the lot, likewise |
//! | `stock` | units on hand |
//! | `coefficient` | the supplier's coefficient for the product |
//! | `value("name")` | any other number of the product that the caller supplies |
//! | `quantity` | the question's quantity |
//! | `min max` | of two or three |
//! | `abs round floor ceil` | as named; `round(x)` and `round(x, 2)` go half away from zero |
//! | `round_to floor_to ceil_to` | to a multiple: `ceil_to(x, 0.05)` |
//!
//! Numbers are decimals (`10 / 4` is 2.5), names in `price` and `rate` are plain text in quotes, `let`, `if` and `switch` are
//! known, loops, functions, files and time are not. A formula has at most 2,000 characters and takes at most 10,000 steps.

use kontor_kernel::Error as KernelError;
use rhai::{AST, ASTNode, Dynamic, Engine, EvalAltResult, Expr, OptimizationLevel, ParseErrorType, Position, Scope, Stmt, Token};
use rust_decimal::{Decimal, RoundingStrategy};
use std::sync::OnceLock;

/// Longest formula in characters.
pub const MAX_CHARS: usize = 2_000;
const MAX_STEPS: u64 = 10_000;
const MAX_DEPTH: usize = 32;
/// Functions and their numbers of arguments.
const FUNCTIONS: [(&str, usize); 12] = [
    ("min", 2),
    ("min", 3),
    ("max", 2),
    ("max", 3),
    ("abs", 1),
    ("floor", 1),
    ("ceil", 1),
    ("round", 1),
    ("round", 2),
    ("round_to", 2),
    ("floor_to", 2),
    ("ceil_to", 2),
];
/// What may leave a part of a formula unread.
const BRANCHES: [&str; 5] = ["if", "switch", "&&", "||", "??"];
/// Plain words that are read when they are needed.
const WORDS: [(&str, Need); 5] = [
    ("cost", Need::Cost),
    ("receipt", Need::Receipt),
    ("supply", Need::Supply),
    ("stock", Need::Stock),
    ("coefficient", Need::Coefficient),
];

/// Why a formula cannot be read or computed. `code` is one of `formula_empty`, `formula_too_long`, `formula_syntax`,
/// `formula_unknown_name`, `formula_arithmetic`, `formula_limit`, `formula_not_a_number`, `formula_negative`;
/// texts are `error-{code}` and `trace-problem-{code}` with the arguments `name`, `detail`, `line`, `column`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaError {
    pub code: &'static str,
    /// The name in question, where there is one.
    pub name: String,
    /// The interpreter's own words, in English.
    pub detail: String,
    /// From 1; 0 when the place is not known.
    pub line: usize,
    pub column: usize,
}

impl FormulaError {
    fn new(code: &'static str, at: Position) -> FormulaError {
        FormulaError { code, name: String::new(), detail: String::new(), line: at.line().unwrap_or(0), column: at.position().unwrap_or(0) }
    }
    fn name(mut self, name: impl Into<String>) -> FormulaError {
        self.name = name.into();
        self
    }
    fn detail(mut self, detail: impl ToString) -> FormulaError {
        self.detail = detail.to_string();
        self
    }
    /// As an error of the field that holds the formula (422).
    pub fn at(&self, field: &str) -> KernelError {
        KernelError::field(field, self.code)
            .field_arg("name", &self.name)
            .field_arg("detail", &self.detail)
            .field_arg("line", self.line)
            .field_arg("column", self.column)
    }
}

/// A value that a formula reads while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Price of another type, by name.
    Price(String),
    /// Rate of a currency, by code.
    Rate(String),
    Cost,
    Receipt,
    Supply,
    Stock,
    Coefficient,
    /// A number of the product, by name.
    Value(String),
}

impl Need {
    fn word(word: &str) -> Option<Need> {
        WORDS.iter().find(|(w, _)| *w == word).map(|(_, n)| n.clone())
    }
    /// The name under which the value is recorded in traces.
    pub fn label(&self) -> String {
        match self {
            Need::Price(name) => format!("price {name}"),
            Need::Rate(code) => format!("rate {code}"),
            Need::Value(name) => format!("value {name}"),
            Need::Cost => "cost".to_string(),
            Need::Receipt => "receipt".to_string(),
            Need::Supply => "supply".to_string(),
            Need::Stock => "stock".to_string(),
            Need::Coefficient => "coefficient".to_string(),
        }
    }
}

/// A formula, read and checked.
#[derive(Debug)]
pub struct Formula {
    source: String,
    ast: AST,
    /// Nothing in it is read under a condition: every named value is needed in any case. In the order of the text.
    always: Vec<Need>,
}

impl Formula {
    /// Reads a formula. Errors: see [`FormulaError`]; whether price types and currencies exist is checked with [`Formula::needs`].
    pub fn compile(source: &str) -> Result<Formula, FormulaError> {
        if source.trim().is_empty() {
            return Err(FormulaError::new("formula_empty", Position::NONE));
        }
        if source.chars().count() > MAX_CHARS {
            return Err(FormulaError::new("formula_too_long", Position::NONE).detail(MAX_CHARS));
        }
        let mut known = Scope::new();
        known.push("quantity", Decimal::ZERO);
        for (word, _) in &WORDS {
            known.push(*word, Decimal::ZERO);
        }
        let ast = engine()?.compile_with_scope(&known, source).map_err(|e| unreadable(e.err_type(), e.position()))?;
        match unknown_call(&ast) {
            Some((name, at)) => Err(FormulaError::new("formula_unknown_name", at).name(name)),
            None => {
                let mut formula = Formula { source: source.to_string(), ast, always: vec![] };
                if !BRANCHES.iter().any(|b| source.contains(b)) {
                    for (need, ..) in formula.needs() {
                        if !formula.always.contains(&need) {
                            formula.always.push(need);
                        }
                    }
                }
                Ok(formula)
            }
        }
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Names that the formula asks for, with line and column, in the order of the text.
    pub fn needs(&self) -> Vec<(Need, usize, usize)> {
        let mut found = vec![];
        self.ast.walk(&mut |path: &[ASTNode]| {
            match path.last() {
                Some(ASTNode::Expr(Expr::Custom(custom, at))) => {
                    if let (Some(Expr::StringConstant(name, _)), Some(word)) = (custom.inputs.first(), custom.tokens.first()) {
                        let named = if word == "rate" {
                            Need::Rate
                        } else if word == "value" {
                            Need::Value
                        } else {
                            Need::Price
                        };
                        let need = named(name.to_string());
                        found.push((need, at.line().unwrap_or(0), at.position().unwrap_or(0)));
                    }
                }
                Some(ASTNode::Expr(Expr::Variable(v, _, at))) => {
                    let at = (at.line().unwrap_or(0), at.position().unwrap_or(0));
                    found.extend(Need::word(v.1.as_str()).map(|n| (n, at.0, at.1)));
                }
                _ => {}
            }
            true
        });
        found
    }

    /// Computes the formula. `find` is asked once for each value that is really read; its error ends the computation.
    /// The second part of the answer lists what was read.
    pub fn evaluate<E: From<FormulaError>>(
        &self,
        quantity: Decimal,
        mut find: impl FnMut(&Need) -> Result<Decimal, E>,
    ) -> Result<(Decimal, Vec<(String, Decimal)>), E> {
        let engine = engine()?;
        let mut known = vec![("quantity".to_string(), quantity)];
        // What is read in any case is asked for at once: a round that stops for one value costs more than the whole rest.
        for need in &self.always {
            match find(need) {
                Ok(value) => known.push((need.label(), value)),
                // The computation itself says which fault comes first.
                Err(_) => break,
            }
        }
        // Each round either ends or learns one more of the values that the text names.
        for _ in 0..=MAX_CHARS {
            let mut scope = Scope::new();
            for (name, value) in &known {
                scope.push(name.as_str(), *value);
            }
            let need = match engine.eval_ast_with_scope::<Dynamic>(&mut scope, &self.ast) {
                Ok(value) => return Ok((number(value)?, known)),
                Err(e) => missing(*e)?,
            };
            let value = find(&need)?;
            known.push((need.label(), value));
        }
        Err(FormulaError::new("formula_limit", Position::NONE).into())
    }
}

fn number(value: Dynamic) -> Result<Decimal, FormulaError> {
    match value.try_cast_result::<Decimal>() {
        Ok(d) if d.is_sign_negative() && !d.is_zero() => Err(FormulaError::new("formula_negative", Position::NONE).detail(d)),
        Ok(d) => Ok(d),
        Err(other) => Err(FormulaError::new("formula_not_a_number", Position::NONE).detail(other.type_name())),
    }
}

/// The first call of a function that does not exist or takes another number of arguments.
fn unknown_call(ast: &AST) -> Option<(String, Position)> {
    let mut found = None;
    ast.walk(&mut |path: &[ASTNode]| {
        let call = match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, at) | Expr::MethodCall(call, at))) => Some((call, *at)),
            Some(ASTNode::Stmt(Stmt::FnCall(call, at))) => Some((call, *at)),
            _ => None,
        };
        if let Some((call, at)) = call
            && call.op_token.is_none()
            && !FUNCTIONS.contains(&(call.name.as_str(), call.args.len()))
        {
            found = Some((call.name.to_string(), at));
        }
        found.is_none()
    });
    found
}

/// What the computation stopped for, if it was for a value not yet known.
fn missing(e: EvalAltResult) -> Result<Need, FormulaError> {
    let at = e.position();
    match e.unwrap_inner() {
        EvalAltResult::ErrorRuntime(value, _) if value.is::<Need>() => {
            value.clone().try_cast::<Need>().ok_or_else(|| FormulaError::new("formula_limit", at))
        }
        EvalAltResult::ErrorVariableNotFound(name, _) => {
            Need::word(name).ok_or_else(|| FormulaError::new("formula_unknown_name", at).name(name))
        }
        EvalAltResult::ErrorFunctionNotFound(name, _) => Err(FormulaError::new("formula_unknown_name", at).name(name)),
        EvalAltResult::ErrorArithmetic(detail, _) => Err(FormulaError::new("formula_arithmetic", at).detail(detail)),
        EvalAltResult::ErrorTooManyOperations(_)
        | EvalAltResult::ErrorTooManyVariables(_)
        | EvalAltResult::ErrorStackOverflow(_)
        | EvalAltResult::ErrorDataTooLarge(..) => Err(FormulaError::new("formula_limit", at)),
        EvalAltResult::ErrorMismatchDataType(..) | EvalAltResult::ErrorMismatchOutputType(..) => {
            Err(FormulaError::new("formula_not_a_number", at).detail(&e))
        }
        other => Err(FormulaError::new("formula_syntax", at).detail(other)),
    }
}

fn unreadable(e: &ParseErrorType, at: Position) -> FormulaError {
    match e {
        ParseErrorType::VariableUndefined(name) | ParseErrorType::Reserved(name) => {
            FormulaError::new("formula_unknown_name", at).name(name)
        }
        ParseErrorType::ExprTooDeep | ParseErrorType::LiteralTooLarge(..) => FormulaError::new("formula_limit", at),
        other => FormulaError::new("formula_syntax", at).detail(other),
    }
}

/// One engine for all formulas; it keeps nothing between computations.
fn engine() -> Result<&'static Engine, FormulaError> {
    static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();
    let built = ENGINE.get_or_init(|| build().map_err(|e| e.to_string()));
    built.as_ref().map_err(|e| FormulaError::new("formula_syntax", Position::NONE).detail(e))
}

fn build() -> Result<Engine, rhai::ParseError> {
    let mut e = Engine::new_raw();
    e.set_optimization_level(OptimizationLevel::None);
    e.set_strict_variables(true).set_allow_looping(false).set_allow_loop_expressions(false).set_fast_operators(true);
    e.set_max_operations(MAX_STEPS).set_max_expr_depths(MAX_DEPTH).set_max_string_size(MAX_CHARS).set_max_variables(64);
    // Words that would open other doors, and a power that can take long.
    for word in ["eval", "throw", "try", "catch", "print", "debug", "type_of", "return", "exit", "global", "**", "**="] {
        e.disable_symbol(word);
    }
    // Whole numbers would divide as such (10 / 4 = 2), so every number is read as a decimal.
    #[expect(deprecated, reason = "marked so only because it may change; the version is pinned")]
    e.on_parse_token(|token, _, _| match token {
        Token::IntegerConstant(n) => Token::DecimalConstant(Box::new((Decimal::from(n), n.to_string().into()))),
        other => other,
    });
    named_value(&mut e, "price", Need::Price)?;
    named_value(&mut e, "rate", Need::Rate)?;
    named_value(&mut e, "value", Need::Value)?;
    e.register_fn("min", |a: Decimal, b: Decimal| a.min(b));
    e.register_fn("max", |a: Decimal, b: Decimal| a.max(b));
    e.register_fn("min", |a: Decimal, b: Decimal, c: Decimal| a.min(b).min(c));
    e.register_fn("max", |a: Decimal, b: Decimal, c: Decimal| a.max(b).max(c));
    to_multiple(&mut e, "round_to", RoundingStrategy::MidpointAwayFromZero);
    to_multiple(&mut e, "floor_to", RoundingStrategy::ToNegativeInfinity);
    to_multiple(&mut e, "ceil_to", RoundingStrategy::ToPositiveInfinity);
    e.register_fn("abs", |a: Decimal| a.abs());
    e.register_fn("floor", |a: Decimal| a.floor());
    e.register_fn("ceil", |a: Decimal| a.ceil());
    e.register_fn("round", |a: Decimal| a.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
    e.register_fn("round", |a: Decimal, digits: Decimal| {
        let digits = u32::try_from(digits).unwrap_or(u32::MAX).min(28);
        a.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
    });
    Ok(e)
}

fn to_multiple(e: &mut Engine, name: &'static str, how: RoundingStrategy) {
    e.register_fn(name, move |a: Decimal, step: Decimal| -> Result<Decimal, Box<EvalAltResult>> {
        let times = if step > Decimal::ZERO { a.checked_div(step) } else { None };
        let whole = times.and_then(|t| t.round_dp_with_strategy(0, how).checked_mul(step));
        whole.ok_or_else(|| Box::new(EvalAltResult::ErrorArithmetic(format!("{name}({a}, {step})"), Position::NONE)))
    });
}

/// `word("text")` reads the variable `word text`; when it is not known yet, the computation stops and says so.
fn named_value(e: &mut Engine, word: &'static str, need: fn(String) -> Need) -> Result<(), rhai::ParseError> {
    e.register_custom_syntax([word, "(", "$string$", ")"], false, move |context, inputs| {
        let at = inputs.first().map_or(Position::NONE, |i| i.position());
        let need = need(inputs.first().and_then(|i| i.get_string_value()).unwrap_or_default().to_string());
        match context.scope().get_value::<Decimal>(&need.label()) {
            Some(value) => Ok(Dynamic::from(value)),
            None => Err(EvalAltResult::ErrorRuntime(Dynamic::from(need), at).into()),
        }
    })?;
    Ok(())
}
