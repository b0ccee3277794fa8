//! Bar codes are read back from drawn labels, as a scanner sees them: bars by the tables of their standards, independently of what
//! wrote them, squares by a reader of images.

use kontor_print::{Code, Label, Paper, labels_picture};

/// Pixels to a millimetre.
const SCALE: f32 = 40.0;

/// What is black on the label, row by row; texts are left out.
struct Picture {
    width: usize,
    height: usize,
    black: Vec<bool>,
}

fn attribute(rect: &str, name: &str) -> f32 {
    let from = rect.find(&format!(" {name}=\"")).expect("an attribute") + name.len() + 3;
    rect[from..].split('"').next().and_then(|v| v.parse().ok()).expect("a number")
}

fn drawn(code: Code, width: u32, height: u32) -> Picture {
    let label = Label {
        name: "Болт М8 оцинкований".into(),
        head: "ТОВ «Гайка»".into(),
        article: "B-8".into(),
        price: "12,50 ₴".into(),
        unit: "шт".into(),
        code: Some(code),
    };
    let svg = labels_picture("Етикетки", &[label], Paper::Roll { width_mm: width, height_mm: height }).expect("is drawn");
    let (width, height) = ((width as f32 * SCALE) as usize, (height as f32 * SCALE) as usize);
    let mut out = Picture { width, height, black: vec![false; width * height] };
    for rect in svg.split("<rect ").skip(1).map(|r| format!(" {}", r.split("/>").next().unwrap_or_default())) {
        if !rect.contains("fill=\"#000000\"") {
            continue;
        }
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|a| attribute(&rect, a) * SCALE);
        for row in y.round() as usize..(y + h).round() as usize {
            for column in x.round() as usize..(x + w).round() as usize {
                out.black[row * width + column] = true;
            }
        }
    }
    out
}

/// Runs of one colour along a line, white first: lengths in pixels.
fn runs(row: &[bool]) -> Vec<usize> {
    let mut out = vec![];
    let (mut at, mut black) = (0, false);
    while at < row.len() {
        let n = row[at..].iter().take_while(|b| **b == black).count();
        out.push(n);
        (at, black) = (at + n, !black);
    }
    out
}

impl Picture {
    /// Bars and gaps in modules, and the white before and after them in modules.
    fn bars(&self) -> (Vec<usize>, f32, f32) {
        let rows: Vec<&[bool]> = self.black.chunks(self.width).filter(|r| r.iter().any(|b| *b)).collect();
        assert!(rows.len() as f32 / SCALE >= 4.0, "bars are high enough to be hit");
        let middle = runs(rows[rows.len() / 2]);
        for row in [rows[1], rows[rows.len() - 2]] {
            assert_eq!(runs(row), middle, "bars stand upright");
        }
        let bars = &middle[1..middle.len() - 1];
        let module = *bars.iter().min().expect("bars") as f32;
        assert!(module / SCALE >= 0.14, "a bar of {} mm is too thin to print", module / SCALE);
        let widths = bars.iter().map(|n| (*n as f32 / module).round() as usize).collect();
        (widths, middle[0] as f32 / module, middle[middle.len() - 1] as f32 / module)
    }
}

fn ean13(widths: &[usize]) -> String {
    // Widths of space, bar, space, bar of set A, from 0 to 9; set B is the same backwards.
    const A: [[usize; 4]; 10] = [
        [3, 2, 1, 1],
        [2, 2, 2, 1],
        [2, 1, 2, 2],
        [1, 4, 1, 1],
        [1, 1, 3, 2],
        [1, 2, 3, 1],
        [1, 1, 1, 4],
        [1, 3, 1, 2],
        [1, 2, 1, 3],
        [3, 1, 1, 2],
    ];
    const FIRST: [&str; 10] = ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"];
    assert_eq!((widths.len(), &widths[..3], &widths[27..32], &widths[56..]), (59, &[1, 1, 1][..], &[1; 5][..], &[1, 1, 1][..]));
    let (mut sets, mut digits) = (String::new(), String::new());
    for part in widths[3..27].chunks(4) {
        let forward = A.iter().position(|a| a == part);
        let (set, digit) = match forward {
            Some(d) => ('A', d),
            None => ('B', A.iter().position(|a| a.iter().rev().eq(part)).expect("a digit of set B")),
        };
        sets.push(set);
        digits += &digit.to_string();
    }
    for part in widths[32..56].chunks(4) {
        digits += &A.iter().position(|a| a == part).expect("a digit of set C").to_string();
    }
    format!("{}{digits}", FIRST.iter().position(|f| *f == sets).expect("a first digit"))
}

/// Widths of the symbols of ISO/IEC 15417 by value; 103 to 105 start sets A, B and C.
const CODE_128: &str = "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 \
    123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 \
    131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 \
    311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 \
    142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 \
    111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232";

fn code128(widths: &[usize]) -> String {
    let (symbols, stop) = widths.split_at(widths.len() - 7);
    assert_eq!(stop, [2, 3, 3, 1, 1, 1, 2], "the stop pattern");
    let table: Vec<&str> = CODE_128.split_whitespace().collect();
    let value = |part: &[usize]| {
        let written: String = part.iter().map(usize::to_string).collect();
        table.iter().position(|t| *t == written).expect("a symbol")
    };
    let values: Vec<usize> = symbols.chunks(6).map(value).collect();
    let (check, said) = values.split_last().expect("a check symbol");
    let sum: usize = said[0] + said.iter().enumerate().skip(1).map(|(n, v)| n * v).sum::<usize>();
    assert_eq!(sum % 103, *check, "the check symbol");
    let text = |v: &usize| match said[0] {
        105 => format!("{v:02}"),
        104 => char::from(u8::try_from(v + 32).expect("of set B")).to_string(),
        other => panic!("starts with {other}"),
    };
    said[1..].iter().map(text).collect()
}

#[test]
fn prc_14_an_ean_13_is_read_from_the_drawn_label() {
    for (width, height) in [(58, 40), (70, 42), (43, 25), (105, 60)] {
        for digits in ["4820000000017", "5901234123457", "0012345678905"] {
            let (widths, before, after) = drawn(Code::Ean13(digits.into()), width, height).bars();
            assert_eq!(ean13(&widths), digits, "{width} x {height}");
            assert!(before >= 7.0 && after >= 7.0, "{width} x {height}: {before} and {after} modules of white");
        }
    }
    let (_, before, after) = drawn(Code::Ean13("4820000000017".into()), 58, 40).bars();
    assert!(before >= 11.0 && after >= 7.0, "as the standard wants it on the common label: {before}, {after}");
}

#[test]
fn prc_14_a_code_128_is_read_from_the_drawn_label() {
    for (width, height) in [(58, 40), (70, 42), (105, 60)] {
        for text in ["B-8", "Bolt M8 x 40", "20261122", "a~Z 0!"] {
            let (widths, before, after) = drawn(Code::Code128(text.into()), width, height).bars();
            assert_eq!(code128(&widths), text, "{width} x {height}");
            assert!(before >= 7.0 && after >= 7.0, "{width} x {height} {text}: {before} and {after} modules of white");
        }
    }
}

#[test]
fn prc_14_a_qr_code_is_read_from_the_drawn_label_and_has_white_around_it() {
    for (width, height) in [(58, 40), (70, 42), (105, 60)] {
        for text in ["А-1", "https://example.com/п/Ґудзик-₴?n=1"] {
            let p = drawn(Code::Qr(text.into()), width, height);
            let at = |x: usize, y: usize| if p.black[y * p.width + x] { 0 } else { 255 };
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(p.width, p.height, at);
            let grids = image.detect_grids();
            assert_eq!(grids.len(), 1, "{width} x {height} {text}");
            assert_eq!(grids[0].decode().expect("reads").1, text);
            // The finder pattern's first bar is seven modules.
            let first = p.black.chunks(p.width).find(|r| r.iter().any(|b| *b)).expect("a row");
            let module = runs(first)[1] as f32 / 7.0;
            let rows: Vec<usize> = p.black.chunks(p.width).enumerate().filter(|(_, r)| r.iter().any(|b| *b)).map(|(n, _)| n).collect();
            let right = runs(first).last().copied().expect("white") as f32 / module;
            let below = (p.height - 1 - rows[rows.len() - 1]) as f32 / module;
            assert!(right >= 4.0 && below >= 4.0, "{width} x {height}: {right}, {below} modules of white to the edges");
            assert!(module / SCALE >= 0.3, "{width} x {height} {text}: a module of {} mm", module / SCALE);
        }
    }
}
