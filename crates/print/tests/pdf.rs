//! Whole files: pages, embedded subsets, text that can be copied out, edges of the input.

use flate2::read::ZlibDecoder;
use kontor_print::{Code, Column, Group, Label, Paper, PriceList, PrintError, labels, price_list};
use std::io::Read;

fn label(n: usize) -> Label {
    Label {
        name: format!("Ґудзик жіночий перламутровий №{n}, 20 мм, колір «морська хвиля»"),
        head: "ТОВ «Приклад» · 21.11.2026".into(),
        article: format!("А-{n:05}"),
        price: "1 234,50 ₴".into(),
        unit: "за шт".into(),
        code: Code::fitting(["4820000000017", "AB-100/7", "Ґ-1"][n % 3]),
    }
}

/// What the streams of a file hold, unpacked.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut out = vec![];
    let mut rest = pdf;
    while let Some(at) = rest.windows(7).position(|w| w == b"stream\n") {
        rest = &rest[at + 7..];
        let mut plain = vec![];
        if ZlibDecoder::new(rest).read_to_end(&mut plain).is_ok() && !plain.is_empty() {
            out.push(plain);
        }
        let end = rest.windows(9).position(|w| w == b"endstream").expect("an end");
        rest = &rest[end + 9..];
    }
    out
}

fn count(pdf: &[u8], word: &str) -> usize {
    pdf.windows(word.len()).filter(|w| *w == word.as_bytes()).count()
}

#[test]
fn prc_14_labels_fill_sheets_and_rolls_with_embedded_letters() {
    let all: Vec<Label> = (0..50).map(label).collect();
    let sheet = labels("Цінники", &all, Paper::A4 { columns: 3, rows: 8, margin_mm: 5 }).expect("prints");
    assert!(sheet.starts_with(b"%PDF-") && count(&sheet, "/Type /Page\n") == 3, "24 on a page");
    let roll = labels("Етикетки", &all[..3], Paper::Roll { width_mm: 58, height_mm: 40 }).expect("prints");
    assert_eq!(count(&roll, "/Type /Page\n"), 3);
    assert!(roll.windows(b"/MediaBox [0 0 164.4".len()).any(|w| w == b"/MediaBox [0 0 164.4"));
    for pdf in [&sheet, &roll] {
        assert_eq!((count(pdf, "/FontFile2"), count(pdf, "/ToUnicode")), (2, 2), "both cuts are embedded");
        assert!(pdf.len() < 120_000, "subsets are small: {}", pdf.len());
        // ґ, ₴ and Ґ can be copied out of the file.
        let text = String::from_utf8_lossy(pdf).to_uppercase();
        for letter in ["<0490>", "<20B4>"] {
            assert!(text.contains(letter), "{letter}");
        }
        assert!(streams(pdf).len() >= 3);
    }
    if let Some(folder) = std::env::var_os("KONTOR_PRINT_SAMPLES") {
        let folder = std::path::PathBuf::from(folder);
        std::fs::write(folder.join("labels.pdf"), &sheet).expect("is written");
        std::fs::write(folder.join("roll.pdf"), &roll).expect("is written");
    }
}

#[test]
fn prc_14_a_price_list_repeats_its_heading_and_counts_its_pages() {
    let column = |title: &str, weight: f32, right: bool| Column { title: title.into(), weight, right };
    let row = |n: usize| {
        let name = if n == 3 { "дуже довга назва ".repeat(30) } else { format!("Товар № {n}") };
        vec![format!("А-{n}"), name, "шт".into(), "12 345,60".into()]
    };
    let list = PriceList {
        title: "Прайс-лист «Роздріб», грн".into(),
        note: "Ціни з ПДВ, дійсні з 21.11.2026".into(),
        columns: vec![column("Артикул", 2.0, false), column("Назва", 6.0, false), column("Од.", 1.0, false), column("Ціна", 2.0, true)],
        groups: (0..4).map(|g| Group { title: format!("Група {g}"), rows: (0..60).map(row).collect() }).collect(),
        totals: vec![],
        landscape: false,
        page: "Сторінка #n# з #all#".into(),
    };
    let pdf = price_list(&list).expect("prints");
    let pages = count(&pdf, "/Type /Page\n");
    assert!((5..=7).contains(&pages), "{pages} pages for 240 rows");
    assert!(pdf.len() < 150_000, "{}", pdf.len());
    let wide =
        PriceList {
            landscape: true, totals: vec!["Разом".into(), String::new(), String::new(), "2 962 944,00".into()], ..list.clone()
        };
    let wide = price_list(&wide).expect("prints");
    assert!(wide.windows(20).any(|w| w.starts_with(b"/MediaBox [0 0 841.8")), "lies on its side");
    assert!(count(&wide, "/Type /Page\n") > pages, "fewer rows go on a page");
    let none = PriceList { groups: vec![], columns: vec![], ..list.clone() };
    assert_eq!(count(&price_list(&none).expect("prints"), "/Type /Page\n"), 1);
    if let Some(folder) = std::env::var_os("KONTOR_PRINT_SAMPLES") {
        std::fs::write(std::path::PathBuf::from(folder).join("list.pdf"), &pdf).expect("is written");
    }
}

#[test]
fn prc_14_ugly_labels_are_printed_or_refused_by_name() {
    let ugly = Label {
        name: "\u{202E}漢字 🎉\n\0".repeat(40),
        price: "999 999 999 999,99 ₴".into(),
        code: Code::fitting("x"),
        ..Default::default()
    };
    for paper in [
        Paper::Roll { width_mm: 30, height_mm: 20 },
        Paper::Roll { width_mm: 100, height_mm: 150 },
        Paper::A4 { columns: 5, rows: 13, margin_mm: 0 },
    ] {
        assert!(labels("x", std::slice::from_ref(&ugly), paper).expect("prints").len() > 500, "{paper:?}");
    }
    assert!(labels("x", &[], Paper::A4 { columns: 3, rows: 8, margin_mm: 5 }).is_ok());
    assert_eq!(labels("x", &[ugly], Paper::Roll { width_mm: 5, height_mm: 5 }), Err(PrintError::TooSmall(5, 5)));
    let wrong = Label { code: Some(Code::Ean13("4820000000010".into())), ..Default::default() };
    assert_eq!(labels("x", &[wrong], Paper::Roll { width_mm: 58, height_mm: 40 }), Err(PrintError::Barcode("4820000000010".into())));
}
