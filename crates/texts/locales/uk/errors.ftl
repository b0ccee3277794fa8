### What a refusal says (`error-{code}`) and what to do about it (`hint-{code}`).
### Arguments come by name as plain strings: numbers, decimal strings and ISO dates are shown the local way; `state`, `verb`, `action`, `field`,
### `columns`, `role`, `expected`, `entity`, `what` are codes and are shown by their own texts; names as given.
### The attribute `.full` is used where all arguments of it were given, the text itself where not.

## General
error-invalid = Перевірте позначені поля
error-internal = Сталася помилка на нашому боці. Нічого не змінено; подію записано до журналу
error-too_many_requests = Забагато запитів: не більше { $max } за хвилину. Спробуйте за { $seconds } с
error-busy = Система зараз зайнята. Спробуйте ще раз за кілька секунд
error-timeout = Час очікування вийшов. Спробуйте ще раз або звузьте запит
error-not_found = Такого запису немає або він вам недоступний
error-forbidden = У вас немає права на цю дію
    .full = У вас немає права на дію «{ $action }» (розділ «{ $entity }»)
error-body_too_large = Завеликий запит: дозволено не більше ніж { $max } МіБ
error-unreadable_json = Запит не читається як JSON: рядок { $line }, знак { $column }
error-unreadable = Запит не вдалося прочитати
error-unreadable_body = Тіло запиту не вдалося прочитати
error-unavailable = Ця можливість зараз недоступна
error-cancelled = Роботу зупинено, змін не внесено

## Fields
error-required = Заповніть це поле
error-unknown_field = Такого поля немає
    .full = Поля «{ $value }» немає
error-read_only = Це поле заповнює система
error-wrong_type = Значення не того типу: очікується { $expected }
error-too_long = Задовгий текст: { $max ->
        [one] найбільше { $max } символ
        [few] найбільше { $max } символи
       *[many] найбільше { $max } символів
    }
error-too_many = Забагато значень: найбільше { $max }
error-out_of_range = Значення має бути від { $min } до { $max }
error-too_small = Значення має бути не менше ніж { $min }
error-too_large = Значення має бути не більше ніж { $max }
error-overflow = Надто велике число
error-negative = Значення не може бути від’ємним
error-zero = Значення не може бути нулем
error-not_a_number = Це не число
error-not_an_integer = Очікується ціле число
error-bad_date = Такої дати немає. Напишіть рік-місяць-день, наприклад 2026-11-21
error-bad_instant = Не вдалося прочитати дату й час. Приклад: 2026-11-21T14:05:00Z
error-bad_period = Кінець періоду раніше за початок
error-bad_id = Це не ідентифікатор запису
error-bad_code = Такого коду немає: { $value }
    .full = Такого коду немає: { $value }
error-bad_grant = Такого права тут немає: { $value }
    .full = Такого права тут немає: { $value }
error-bad_choice = Такого варіанта немає. Можливі: { $choices }
error-bad_text = Текст містить недозволені символи
error-reference_missing = Запису, на який ви посилаєтеся, немає
    .full = «{ $value }» не знайдено
error-reference_archived = «{ $title }» в архіві й не може бути вибрано
error-name_missing = «{ $value }» не знайдено
error-name_ambiguous = «{ $value }» знайдено кілька разів. Вкажіть ідентифікатор
error-name_unclear = «{ $value }» може означати { $choices }. Напишіть один із цих кодів
error-unique = Такий запис уже є
    .full = Такий запис уже є: збігається { $columns }
error-duplicate = Значення повторюється
error-duplicate_row = Рядок { $row } про те саме. Залиште один із двох
error-duplicate_line = Такий рядок уже є
error-email_bad = Це не схоже на адресу електронної пошти
error-phone_bad = Це не схоже на номер телефону
error-url_bad = Це не схоже на адресу сайту
error-tax_id_bad = Податковий номер не проходить перевірку контрольної цифри
error-tax_id_length = Податковий номер має містити { $expected } цифр
error-registration_code_bad = Реєстраційний код не проходить перевірку контрольної цифри
error-vat_number_bad = Номер платника ПДВ записано неправильно
error-iban_bad = IBAN не проходить перевірку контрольних цифр
error-cycle = Запис не може прямо чи через інші входити сам до себе
error-same_record = Виберіть інший запис: це той самий
error-similar_exists = Схожий запис уже є: «{ $title }». Запитайте: { $name }

## Lists, filters, cursors
error-bad_cursor = Продовження списку застаріло. Почніть з першої сторінки
error-unknown_parameter = Такого параметра немає: { $value }
error-unknown_collection = Такого розділу немає: { $value }
error-unknown_verb = Такої дії немає: { $value }

## Signing in, users
error-signed_out = Увійдіть до системи
error-wrong_password = Неправильний логін або пароль
error-too_many_attempts = Забагато спроб. Спробуйте за { $minutes ->
        [one] { $minutes } хвилину
        [few] { $minutes } хвилини
       *[many] { $minutes } хвилин
    }
error-csrf = Сторінка застаріла. Оновіть її та спробуйте ще раз
error-weak_password = Заслабкий пароль: потрібно щонайменше { $min ->
        [one] { $min } символ
        [few] { $min } символи
       *[many] { $min } символів
    }

## Versions, conflicts, repeating
error-version_needed = Вкажіть версію запису, яку ви змінюєте (поле version або If-Match)
error-bad_version = Версію запису не вдалося прочитати
error-conflict = Хтось інший змінив те саме. Виберіть, що лишити
error-idempotency_mismatch = Цей ключ повторення вже використано для іншого запиту
error-idempotency_in_flight = Такий самий запит ще виконується

## States, removal, undo
error-state_refuses = Дія «{ $verb }» неможлива у стані «{ $state }»
error-posted_immutable = Проведений документ не змінюють: виправте або сторнуйте його
    .full = У стані «{ $state }» документ не змінюють: виправте або сторнуйте його
error-not_posted = Документ ще не проведено
error-not_archived = Запис не в архіві
error-archived = Запис в архіві. Спершу поверніть його
error-has_dependents = Спершу розберіться з тим, що від цього залежить: { $what }
error-in_use = Запис використовується: { $what }
error-period_closed = Період закрито до { $date } включно
error-date_future = Дата не може бути в майбутньому

## Money, quantities, lines
error-line_limit = Забагато рядків: найбільше { $max }
error-line_unknown = Такого рядка в документі немає
error-quantity_zero = Кількість не може бути нульовою
error-quantity_negative = Кількість не може бути від’ємною
error-negative_price = Ціна не може бути від’ємною
error-negative_amount = Сума не може бути від’ємною
error-amount_zero = Сума не може бути нульовою
error-amount_decimals = Сума у валюті { $currency } має щонайбільше { $max } знаків після коми
error-price_missing = Немає ціни на «{ $product }»
error-price_zero = За правилами «{ $product }» нічого не коштує. Перевірте, чи так задумано, або впишіть ціну
error-discount_whole = За правилами від ціни «{ $product }» нічого не лишається. Перевірте знижки, що діють, або впишіть свою
error-return_at_sale = «{ $product }» повертається за ціною останнього продажу, { $number } від { $date }. Якщо це інший продаж, впишіть його ціну або вкажіть відвантаження
error-return_at_terms = Продажу «{ $product }» не знайдено: ціна — за сьогоднішніми умовами. Впишіть ціну, за якою його продали, або вкажіть відвантаження
error-return_several_prices = У відвантаженні «{ $product }» за кількома цінами: взято першу. Впишіть ціну того, що повертається
error-currency_rate_missing = Немає курсу { $currency } на { $date }
error-currency_mismatch = Валюта має бути { $expected }
error-currency_same = Курс валюти до неї самої не задають
error-rate_not_positive = Курс має бути більше за нуль
error-unit_not_of_product = Товар «{ $product }» не обліковують у цій одиниці
error-base_price_type_needed = Для націнки вкажіть базовий вид ціни
error-price_computed = Ціни цього виду розраховуються, їх не задають вручну
error-formula_too_long = Формула завелика: найбільше { $detail } символів
error-overlap = Строки дії перетинаються: «{ $rule_a }» і «{ $rule_b }»
error-agreement_not_valid = Умови не діють на { $date }
error-agreement_other_partner = Ці умови — іншого партнера
error-agreement_other_company = Ці умови — іншої організації
error-agreement_not_active = Умови ще не діють
error-partner_needed = Індивідуальним умовам потрібен партнер
error-standard_has_no_partner = Типові умови діють для всіх і не мають партнера
error-product_or_category = Вкажіть або товар, або категорію
error-company_mismatch = Це належить іншій організації
error-partner_mismatch = Це належить іншому партнеру
error-counterparty_other_partner = Контрагент належить іншому партнеру

## Stock, credit, fulfilment
error-not_enough_stock = Бракує «{ $product }»: вільно { $available }, потрібно { $needed }
error-warehouse_missing = Вкажіть склад
error-warehouse_other_company = Склад належить іншій організації
error-service_has_no_stock = «{ $product }» — послуга, на складі її немає
error-credit_exceeded = Ліміт кредиту { $limit } перевищено на { $over }: борг і відкриті замовлення разом { $exposure }
error-over_shipped = Відвантажено було б більше, ніж замовлено: { $shipped } з { $ordered }
error-over_returned = Повернути можна не більше, ніж відвантажено: { $shipped }
error-nothing_to_ship = Відвантажувати більше нічого
error-order_not_confirmed = Спершу підтвердьте замовлення
error-order_has_shipments = За замовленням уже є відвантаження: { $documents }. Спочатку сторнуйте їх
error-bad_database = Адреса бази даних пишеться sqlite://ФАЙЛ або postgres://КОРИСТУВАЧ:ПАРОЛЬ@СЕРВЕР/БАЗА
error-no_database = Бази даних { $file } немає: перевірте --database і --data або створіть її командою kontor migrate
error-bad_listen = Адреса, на якій слухати, пишеться ХОСТ:ПОРТ, наприклад 127.0.0.1:8080: { $value }
error-allocation_exceeds = Розподілено більше, ніж сума: { $allocated } з { $amount }
error-allocation_over_document = За документом «{ $document }» лишилося сплатити лише { $amount }
error-prepays_one_order = Одна оплата може бути передоплатою лише одного замовлення; для «{ $document }» зробіть окрему оплату
error-allocation_other_partner = Документ належить іншому партнеру, організації або валюті
error-quote_expired = Строк дії пропозиції минув { $date }
error-quote_has_order = За пропозицією вже є замовлення { $number }: спершу скасуйте його
error-quote_ordered_before = Замовлення { $number } зроблено за цією пропозицією раніше; воно лишається, як є
error-quote_not_confirmed = Спершу підтвердьте пропозицію { $number }

## Deals, tasks
error-deal_closed = Угоду закрито: відкрийте її знову, щоб змінити це
error-stage_of_other_kind = Стадія належить іншому виду угод
error-stage_skipped = Стадії проходять по черзі: наступна — «{ $title }»
error-kind_without_stages = У цього виду угод немає стадій
error-close_before_open = Дата закриття раніша за дату відкриття
error-winner_not_competitor = Виграти міг лише конкурент
error-deal_opened_earlier = Угоду записано пізніше, ніж вона закінчилася: днем відкриття став { $date }
error-reminder_after_due = Нагадування пізніше за строк
error-ends_before_start = Кінець раніше за початок

## Files and imports
error-file_unreadable = Файл не вдалося прочитати: { $message }
error-file_format_unknown = Формат файлу не розпізнано. Підтримуються CSV, XLSX
error-file_missing = Файлу «{ $file }» немає
error-file_empty = Файл порожній
error-file_too_large = Файл завеликий: дозволено не більше ніж { $max } МіБ
error-workbook_too_large = Книга завелика: можна прочитати не більше ніж { $max } МіБ у розпакованому вигляді. Збережіть аркуш як CSV: він може мати до 1 ГіБ
error-file_encoding = Кодування файлу не розпізнано
error-sheet_missing = Аркуша «{ $name }» немає
error-column_missing = У файлі немає колонки «{ $name }»
error-column_unknown = Невідома колонка «{ $name }»
error-column_repeated = Колонка «{ $name }» трапляється двічі
error-row_too_long = У рядку більше значень, ніж колонок
error-row_broken = Рядок не вдалося розібрати: { $message }
error-import_not_allowed = Цей розділ не завантажують з файлу
error-import_refused = Нічого не завантажено: { $count ->
        [one] { $count } рядок з помилкою
        [few] { $count } рядки з помилками
       *[many] { $count } рядків з помилками
    }
error-profile_bad = Профіль завантаження містить помилку: { $message }
error-profile_entity = Профіль називає невідомий розділ: { $value }
error-profile_field = Профіль називає невідоме поле: { $value }
error-profile_no_files = За шаблоном «{ $file }» файлів не знайдено

## Database and command line
error-database_down = База даних зараз недоступна. Спробуйте ще раз за хвилину
error-migration_changed = Міграцію { $migration } застосовано до цієї бази з іншим текстом: програма й база не від однієї версії
error-backup_failed = Копію бази даних не створено
error-backup_with_pg_dump = База PostgreSQL копіюється програмою pg_dump
error-database_newer = Базу даних створено новішою версією програми
    .full = Базу даних створено новішою версією програми (міграція { $migration })
error-disk_full = На диску немає місця

## Hints: what to do
hint-bad_grant = Тут бувають: { $actions }; межі — none, own, team, all; поля — hide:назва
hint-reload = Оновіть сторінку
hint-close_before_open = Угоду відкрито { $date }: якщо вона почалася раніше, спершу змініть «Відкрито»
hint-rate_type_missing = Заведіть організацію: разом із першим курсом з’явиться вид курсу в її валюті
hint-sign_in = Увійдіть і повторіть
hint-existing = Уже є: «{ $title }»
hint-create_missing = Спершу створіть «{ $value }»
hint-revise = Скористайтеся дією «Виправити»
hint-reduce_quantity = Зменште кількість до { $available } або вкажіть спосіб забезпечення
hint-supply = Вкажіть для рядка, звідки взяти товар
hint-open_day = Перший відкритий день — { $date }

## Told by the platform
error-object_expected = Очікується об’єкт JSON
error-bad_command = Такої команди немає
error-id_missing = Не вказано, який запис змінити
error-dry_run = Це лише перевірка: нічого не записано
error-idempotency_bad_key = Ключ повторення порожній, задовгий або містить недозволені символи
error-login_unknown = Користувача «{ $login }» немає
error-undo_impossible = Цю дію не можна відмінити
    .full = Дію «{ $verb }» не можна відмінити
error-undo_done = Це вже відмінено
error-undo_conflict = Цю зміну не відмінити: відтоді запис змінили знову
error-group_too_large = Забагато змін одразу: відмінити можна найбільше { $max }
error-before_from = Кінець періоду раніше за початок

## Types, as named in “expected …”
type-text = текст
type-bool = так або ні
type-number = число
type-integer = ціле число
type-list = список
type-object = об’єкт
type-date = дата
type-instant = дата й час
type-id = ідентифікатор
error-one_line = Тут може бути лише один рядок тексту
error-wrong_method = Ця адреса не приймає такий запит
error-setup_code_wrong = Код не підходить або вже використаний
error-external_id_own = Цей код належить самому запису, так його було внесено, і зникає лише разом із ним
