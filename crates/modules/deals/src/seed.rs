//! A typical sale with its stages, and common reasons for losing: what a new database starts with.

use kontor_kernel::error::Result;
use kontor_platform::cx::Cx;
use kontor_platform::record::Record;
use kontor_platform::value::Id;
use serde_json::json;

type Names = (&'static str, &'static str, &'static str);

/// Ukrainian, Russian, English; probability in percent; days that are usual.
const STAGES: [(Names, i64, i64); 5] = [
    (("Звернення", "Обращение", "Inquiry"), 10, 3),
    (("Кваліфікація", "Квалификация", "Qualification"), 25, 7),
    (("Пропозиція", "Предложение", "Proposal"), 45, 14),
    (("Переговори", "Переговоры", "Negotiation"), 60, 14),
    (("Договір", "Договор", "Contract"), 85, 7),
];

const REASONS: [Names; 7] = [
    ("Ціна", "Цена", "Price"),
    ("Відстрочка", "Отсрочка", "Payment terms"),
    ("Немає на складі", "Нет на складе", "Out of stock"),
    ("Обрали конкурента", "Выбрали конкурента", "Competitor chosen"),
    ("Проєкт скасовано", "Проект отменён", "Project cancelled"),
    ("Перестали відповідати", "Перестали отвечать", "Stopped answering"),
    ("Інше", "Другое", "Other"),
];

pub fn seed(cx: &mut Cx) -> Result<()> {
    if cx.conn.query_opt("SELECT 1 FROM deal_kinds LIMIT 1", &[])?.is_none() {
        let kind = named(cx, "deal-kinds", ("Типовий продаж", "Типовая продажа", "Typical sale"), |_| {})?;
        for (n, (names, percent, days)) in STAGES.into_iter().enumerate() {
            named(cx, "stages", names, |r| {
                r.set("kind_id", kind);
                r.set("position", n as i64 + 1);
                r.set("probability", percent * 10_000);
                r.set("norm_days", days);
            })?;
        }
    }
    if cx.conn.query_opt("SELECT 1 FROM loss_reasons LIMIT 1", &[])?.is_none() {
        for names in REASONS {
            named(cx, "loss-reasons", names, |_| {})?;
        }
    }
    Ok(())
}

fn named(cx: &mut Cx, collection: &str, (uk, ru, en): Names, more: impl FnOnce(&mut Record)) -> Result<Id> {
    let mut r = Record::new(cx.spec(collection), cx.new_id());
    r.set("name", uk);
    r.set("names", json!({"uk": uk, "ru": ru, "en": en}));
    more(&mut r);
    cx.insert(&mut r)?;
    Ok(r.id)
}
