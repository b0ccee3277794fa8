### Обмін каталогами, цінами й курсами.
error-xml_malformed = Файл XML пошкоджено: { $message }
error-xml_cut_short = Файл XML обірваний: не всі елементи закрито
error-xml_document_type = Файл XML містить визначення типу документа (DOCTYPE); такі файли не приймаються
error-xml_entity = У файлі XML є невідома сутність «&{ $name };»
error-xml_too_deep = Елементи XML вкладено надто глибоко: щонайбільше { $max } рівнів
error-xml_element_too_large = Елемент «{ $name }» завеликий
error-commerceml_root = Це не CommerceML: кореневий елемент «{ $name }»
error-commerceml_nothing = У файлі немає того, що можна завантажити до цього довідника
error-commerceml_documents = У файлі лише документи (замовлення), а не каталог чи ціни
error-commerceml_product_missing = Товару з ідентифікатором «{ $value }» немає. Спершу завантажте каталог
error-commerceml_no_stock = У файлі немає нічого про залишки
error-commerceml_warehouse_missing = Серед наших складів немає «{ $value }». Дайте одному з них цю назву або додайте цей ідентифікатор до його зовнішніх
error-commerceml_warehouse_unsaid = Файл не каже, на якому складі товар. Виберіть склад
error-fetch_url_bad = Адреса «{ $url }» має починатися з http:// або https://
error-fetch_url_private = «{ $url }» веде до внутрішньої мережі; такі адреси заборонено
error-fetch_failed = Не вдалося отримати «{ $url }»: { $message }
error-rates_nothing = У файлі немає курсів
error-price_book_foreign = Це не книга цін, вивантажена з програми: прихованого аркуша немає
error-price_book_empty = Ціну не можна прибрати: поверніть число в клітинку
error-price_book_stale = Поки книга була у вас, ціну змінили на { $price }. Вивантажте книгу знову
print-page = Сторінка #n# з #all#
print-labels = Етикетки
error-print_barcode_bad = «{ $value }» не можна надрукувати як цей штрихкод
error-label_too_small = Етикетка { $width } × { $height } мм замала
error-print_unavailable = Друк недоступний: програму зібрано без шрифту

## Prices in and out: pages
inout = Прайси та обмін
inout-lists = Прайс-листи партнерів
inout-lists-about = постачальників і конкурентів, у будь-якому вигляді
inout-matching = Зіставлення
inout-matching-about = чужий рядок — наш товар
inout-comparison = Порівняння цін
inout-book = Книга Excel
inout-book-about = ціни туди й назад
inout-commerceml = CommerceML
inout-commerceml-about = обмін з 1С, BAS і магазинами
inout-paper = Друк
inout-paper-about = прайс-лист, цінники, етикетки
inout-may_not = Завантажувати ви не маєте права.
inout-as_said = як у файлі
inout-known = Уже завантажені
inout-known-none = Поки що жодного. Як читати прайс, запам’ятовується для кожного партнера.
inout-known-ours = Знайдено наших / усього рядків
inout-columns = колонки
inout-column = Що в колонці
inout-sheets = Аркуші
inout-heading_at = заголовок у рядку { $row }
inout-heading_is = Заголовок — рядок { $row }
inout-heading_none = заголовок не знайдено: позначте його рядок і скажіть, що в колонках
inout-columns-hint = Якщо щось розпізнано не так, виправте тут і перевірте ще раз: вибір запам’ятається після завантаження.
inout-on_request = За запитом: { $count }
inout-groups = Рядків груп: { $count }
inout-repeated = Повторів: { $count }
inout-stands_again = «{ $name }» стоїть у { $place } ще раз, після { $first }: враховано ціну { $counts }, а { $other } — ні
inout-stands_again_alike = «{ $name }» стоїть у { $place } ще раз, після { $first }, за тією самою ціною
inout-stands_again_more = …і ще повторених рядків: { $count }
inout-asked_price = за запитом
inout-same = Наші: { $count }
inout-maybe = Перевірити: { $count }
inout-none = Не знайдено: { $count }
inout-to_matching = До зіставлення
inout-theirs = У прайсі
inout-ours = Наш товар
inout-decision = Рішення
inout-accept = Це він
inout-reject = Не наш
inout-create = Створити товар
inout-accepted = Зіставлено
inout-rejected = Не наш товар
inout-created = Товар створено
inout-said = { $what }: { $name }
inout-other = інший товар…
inout-near-none = Схожих товарів немає
inout-price_asked = за запитом
inout-key-choose = вибрати
inout-matching-empty = Тут усе вирішено
inout-matching-empty_hint = Завантажте прайс-лист або погляньте на інші рядки.
inout-types-hint = Не позначено жодного — усі, що ведуться вручну.
inout-book-out = Вивантажте книгу
inout-book-out_hint = Рядки й колонки можна сортувати, переставляти й додавати свої; міняйте лише ціни.
inout-book-in = Поверніть її
inout-book-in_hint = Лише змінені клітинки стануть тим, що ви оберете. Помилки названо за клітинками.
inout-book-as = Змінені клітинки стають
inout-book-as_edited = редагованими цінами (порівняти й ввести в дію — на робочому місці цін)
inout-book-as_draft = чернеткою зміни цін
inout-book-download = Вивантажити книгу
inout-book-changed = Змінених клітинок: { $count }
inout-book-nothing = Жодна клітинка не змінена.
inout-book-draft = Чернетка зміни цін
inout-book-missing = Немає в книзі (ціни лишаються): { $count }
inout-commerceml-out = Вивантажити
inout-commerceml-out_hint = Увесь каталог і всі чинні ціни, UTF-8, версія 2.10.
inout-commerceml-catalogue = каталог
inout-commerceml-offers = ціни
inout-commerceml-with_stock = ціни й залишки
inout-commerceml-in = Завантажити
inout-commerceml-in_hint = Спершу каталог (import.xml), потім ціни (offers.xml). Кодування й версія визначаються самі. Як надходження: те, чого у файлі більше, піде до чернетки для кожного складу; сама вона не проводиться.
inout-commerceml-warehouse = Склад, якщо файл його не називає
inout-commerceml-in_file = У файлі
inout-commerceml-available = У нас
inout-commerceml-difference = Різниця
inout-commerceml-more = У файлі більше
inout-commerceml-less = У файлі менше
inout-kind = Що завантажити
inout-kind-hint = Не вибрано — за вмістом файлу.
inout-paper-what = Що друкувати
inout-paper-list = Прайс-лист
inout-paper-labels = Цінники та етикетки
inout-paper-size = Папір
inout-paper-sheet = аркуш A4, { $size }
inout-paper-roll = принтер етикеток, { $size } мм
inout-paper-code = Код
inout-code-auto = EAN-13, інакше Code 128
inout-code-code128 = Code 128
inout-code-qr = QR
inout-code-none = без коду
inout-paper-copies = Примірників кожного
inout-paper-by_receipt = стільки етикеток, скільки надійшло
inout-paper-products = Товарів: { $count }
inout-comparison-about = їхня ціна в нашій валюті й з нашим ПДВ
inout-paper-types = Етикетка показує першу з позначених; без позначки — звичайний вид цін.

error-file_unwritable = Не вдається записати файл { $file }: перевірте права й вільне місце
error-match_no_rows = У файлі { $file } під заголовком немає рядків
error-match_too_many = Забагато рядків для порівняння: разом у всіх списках дозволено не більше ніж { $max }. Поділіть { $file }, наприклад за регіоном
error-match_one_column = У файлі { $file } лише один стовпець: першим іде ідентифікатор, далі те, що порівнюють
error-match_columns = Жодного стовпця першого файлу ({ $left }) немає у { $right }: дайте їм однакові заголовки
error-match_nothing = Не лишилося жодного стовпця для порівняння
error-match_kind = «{ $value }» не має вигляду СТОВПЕЦЬ=ВИД; види: { $choices }
error-match_row = Рядок { $row } файлу { $file } не читається
match-columns = стовпці: { $columns }
match-too-long = рядків, у яких клітинок більше, ніж у заголовку (зайве пропущено): { $count }
match-done = однакових { $same }, можливо однакових { $maybe }, різних { $different }
commerceml-stock = Залишки: порівняно { $compared } з тим, що в нас можна продати; у файлі більше: { $more }, менше: { $less }
commerceml-difference = { $product } ({ $warehouse }): у файлі { $in_file }, у нас { $available }
commerceml-all_warehouses = усі склади
commerceml-warehouse_passed = Склад «{ $name }» з файлу — не наш; пропущено { $quantity } у { $offers ->
    [one] { $offers } пропозиції
   *[other] { $offers } пропозиціях
}
commerceml-unknown_offers = { $count ->
    [one] { $count } пропозиція із залишком — про товар, якого в нас немає
    [few] { $count } пропозиції із залишком — про товари, яких у нас немає
   *[other] { $count } пропозицій із залишком — про товари, яких у нас немає
}
commerceml-receipt = Чернетка надходження { $number }, { $warehouse }: { $lines ->
    [one] { $lines } рядок
    [few] { $lines } рядки
   *[other] { $lines } рядків
}{ $without_cost ->
    [0] {""}
   *[other] ; ще треба вписати собівартість: { $without_cost }
}
commerceml-receipt_would_be = До чернетки надходження пішло б, { $warehouse }: { $lines ->
    [one] { $lines } рядок
    [few] { $lines } рядки
   *[other] { $lines } рядків
}{ $without_cost ->
    [0] {""}
   *[other] , з них без собівартості: { $without_cost }
}
commerceml-kits_passed = { $count ->
    [one] Склад { $count } комплекту пропущено: товар у нас уже є. Щоб змінити його, завантажте файл як товари
   *[other] Склад { $count } комплектів пропущено: ці товари в нас уже є. Щоб змінити їх, завантажте файл як товари
}
