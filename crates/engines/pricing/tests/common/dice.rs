//! Worlds and formulas thrown together from pieces by a number that is enough to throw them again, with nothing that a
//! machine without random numbers lacks.

/// Where a run of throws begins: said, or by the clock. It is printed, so that what failed can be thrown again.
#[cfg(not(target_arch = "wasm32"))]
pub fn seed() -> u64 {
    let said = std::env::var("KONTOR_FUZZ_SEED").ok().and_then(|s| s.parse().ok());
    let seed = said.unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        since.as_nanos() as u64
    });
    println!("KONTOR_FUZZ_SEED={seed}");
    seed
}

/// Throws by a number, or by the bytes that a fuzzer makes up: what it changes in them changes what is thrown.
pub enum Dice<'b> {
    Seeded(u64),
    Given(&'b [u8]),
}

impl<'b> Dice<'b> {
    pub fn new(seed: u64) -> Dice<'static> {
        let mut dice = Dice::Seeded(seed ^ 0x9e37_79b9_7f4a_7c15);
        // Neighbouring seeds begin far apart.
        for _ in 0..4 {
            dice.next(2);
        }
        dice
    }
    /// One throw for each byte; then always the first side.
    pub fn given(bytes: &'b [u8]) -> Dice<'b> {
        Dice::Given(bytes)
    }
    pub fn next(&mut self, below: usize) -> usize {
        match self {
            Dice::Seeded(state) => {
                *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (*state >> 33) as usize % below
            }
            Dice::Given(bytes) => {
                let Some((first, rest)) = bytes.split_first() else { return 0 };
                *bytes = rest;
                usize::from(*first) % below
            }
        }
    }
    pub fn of<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.next(from.len())]
    }
}

const PIECES: [&str; 64] = [
    "1",
    "0",
    "2.5",
    "79228162514264337593543950335",
    "0.0000000000000000000000000001",
    "quantity",
    "cost",
    "receipt",
    "stock",
    "supply",
    "coefficient",
    "price(\"a\")",
    "price(\"b\")",
    "rate(\"USD\")",
    "rate(\"X\")",
    "value(\"v\")",
    "\"text\"",
    "'c'",
    "true",
    "()",
    "+",
    "-",
    "*",
    "/",
    "%",
    "(",
    ")",
    "{",
    "}",
    ",",
    ";",
    "if ",
    " else ",
    "let a = ",
    "a",
    "min(",
    "max(",
    "round(",
    "ceil_to(",
    "floor_to(",
    "abs(",
    ">",
    "==",
    "&&",
    "switch quantity ",
    "=>",
    "_",
    "while ",
    "loop ",
    "fn f() ",
    "import ",
    "`${1}`",
    "#{",
    "[",
    "]",
    "\n",
    "//",
    "\u{202e}ї",
    // What doubles grows without end where nothing stops it.
    "let a = \"0123456789abcdef\";",
    "a += a;",
    "a = a + a;",
    "a = `${a}${a}`;",
    "a = a * 10;",
    "a *= a;",
];

pub fn formula(dice: &mut Dice) -> String {
    (0..dice.next(24)).map(|_| dice.of(&PIECES)).collect()
}

const WHOS: [&str; 11] = [
    "",
    " for partner p",
    " for agreement g",
    " for contract k",
    " for dealer d",
    " for segment s",
    " for card c",
    " for payment m",
    " for company w",
    " for region r",
    " for order_type o",
];
const WHATS: [&str; 6] = ["", " on product goods", " on product nut", " on group y", " on category z", " on segment t"];
const VALUES: [&str; 17] = [
    " type a",
    " type b",
    " type r",
    " type s",
    " type f",
    " type q",
    " type n",
    " type list",
    " type gone",
    " price 9.99 UAH",
    " price 0 USD",
    " -5%",
    " +7%",
    " -100%",
    " off 3 UAH",
    " extra 2 USD",
    " -0%",
];
const RESTS: [&str; 11] = [
    "",
    " from-quantity 5",
    " order-from 100",
    " limit 3",
    " stop",
    " set 1",
    " priority 2",
    " until 2026-11-20",
    " from 2026-11-22",
    " fixed",
    " of-company w",
];
const GOODS: [&str; 3] = ["goods", "nut", "cap"];

/// How types come to their prices, and what may be said of them beside it.
const TYPES: &str = "rate USD 40 2026-11-21\nrate EUR 0.02232143 2026-11-20 indirect\nrate USD 42 2026-11-01 of Cash\n\
    type a UAH included manual\ntype b USD excluded markup a 10\ntype c UAH included markup c 1\ntype list UAH excluded manual\n\
    type r UAH excluded receipt 25\ntype s EUR excluded supply 10\ntype q UAH included query web\ntype n UAH exempt markup s -5\n\
    type f UAH included formula max(price(\"a\"), cost * 1.3) + stock / 7\n";
const FACTS: &str = "price a goods 100\nprice a nut 33.33\nprice list goods 79.99\nprice list cap 5\nprice r goods 255\nprice f nut 33\n\
    receipt goods 5 USD\nreceipt nut 0.01 EUR\ncost goods 60 UAH\ncost nut 1 USD\ncost cap 0 UAH\nvalue goods stock 100\nvalue nut stock 3.5\n\
    query goods web 77.7\nsupply goods ACME EUR rate 50 UAH lots 1:3 5:2.5 10:2.25 20:2\nsupply nut ACME USD lots 4:0.5\n\
    product goods vat 20 in z group y segments t\nproduct nut vat 7 in z\nproduct cap\n";
const OF_TYPES: [&str; 10] = [
    "threshold r 5",
    "threshold f 20",
    "group b y receipt 40",
    "group r y formula receipt * 2 + 1",
    "round b up 0.5 0.49",
    "round s arithmetic 0.01 whole-vat",
    "round f down 1",
    "range n 0 up 0.10 0.09",
    "range n 50 arithmetic 5",
    "round q up 10 9",
];

/// A world of up to thirty rules, with bundles and gifts, types of every method, price lists that lack some goods, and two
/// questions: for the price of a line, and for an order.
pub fn world(dice: &mut Dice) -> String {
    let kinds: Vec<&str> = kontor_pricing::Kind::ALL.iter().map(|k| k.code()).collect();
    let mut text = String::from(TYPES);
    for of in OF_TYPES {
        if dice.next(3) == 0 {
            text += &format!("{of}\n");
        }
    }
    text += FACTS;
    text += &format!("default {}\n", dice.of(&["a", "a", "a", "a", "a", "b", "r", "s", "q", "n", "f", "c"]));
    for n in 0..dice.next(30) {
        let (kind, who, what, value) = (dice.of(&kinds), dice.of(&WHOS), dice.of(&WHATS), dice.of(&VALUES));
        let rule = format!("rule {kind}{who}{what}{value}{}{}", dice.of(&RESTS), dice.of(&RESTS));
        // What the book refuses, a command refuses too.
        if super::condition(&format!("{rule} named n{n}")).is_some_and(|c| c.check().is_ok()) {
            text += &format!("{rule} named n{n}\n");
        }
    }
    for n in 0..dice.next(4) {
        let (first, second) = (dice.next(3), dice.next(3));
        let more = if first == second { String::new() } else { format!(" {}:{}", GOODS[second], 1 + dice.next(2)) };
        let value = dice.of(&["-10%", "-100%", "off 7.5", "price 90", "price 0"]);
        let rest = dice.of(&["", " limit 1", " priority 3", " until 2026-11-20"]);
        text += &format!("bundle b{n} {}:{}{more} {value}{}{rest}\n", GOODS[first], 1 + dice.next(3), dice.of(&WHOS));
    }
    for n in 0..dice.next(4) {
        let each = dice.of(&["", " each"]);
        let (buy, give) = (dice.of(&GOODS), dice.of(&GOODS));
        text += &format!("gift g{n} buy {buy} {} give {give} {}{each}{}\n", 1 + dice.next(5), 1 + dice.next(3), dice.of(&WHOS));
    }
    let head = header(dice);
    text += &format!("ask goods x {}{head} =>\norder{head}\n", dice.next(20));
    for _ in 0..1 + dice.next(6) {
        let hand = dice.of(&["", "", "", " price 12.34", " price 0", " discount 5", " discount -5", " sold 50 10 2026-01-01"]);
        let quantity = dice.of(&["1", "2", "3", "4.5", "7", "10", "24", "0.001", "-2", "0"]);
        text += &format!("  {} x {quantity}{hand}\n", dice.of(&GOODS));
    }
    text + "  => \n"
}

/// For whom, in which currency and basis, by which algorithm; some of it is left out.
fn header(dice: &mut Dice) -> String {
    let mut out = String::new();
    for part in [
        " partner p",
        " for g",
        " standard g",
        " contract k",
        " dealer d",
        " segments s",
        " card c",
        " payment m",
        " company w",
        " region r",
        " order_type o",
    ] {
        if dice.next(3) > 0 {
            out += part;
        }
    }
    out += dice.of(&["", "", " in USD", " in EUR"]);
    out += dice.of(&["", "", " vat excluded", " vat exempt"]);
    out += dice.of(&["", "", "", " type list", " rounded up 0.5", " rounded nearest 10 9.99"]);
    out += dice.of(&[" by sum", " by maximum", " by cascade", " by priority"]);
    out += dice.of(&["", "", " may-discount 10", " may-down 5 may-up 5"]);
    out += dice.of(&["", "", " not-below-cost"]);
    out += dice.of(&["", "", "", " rates Cash", " on 2026-11-19"]);
    out
}
