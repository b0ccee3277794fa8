### Обмен каталогами, ценами и курсами.
error-xml_malformed = Файл XML повреждён: { $message }
error-xml_cut_short = Файл XML оборван: не все элементы закрыты
error-xml_document_type = Файл XML содержит определение типа документа (DOCTYPE); такие файлы не принимаются
error-xml_entity = В файле XML есть неизвестная сущность «&{ $name };»
error-xml_too_deep = Элементы XML вложены слишком глубоко: не больше { $max } уровней
error-xml_element_too_large = Элемент «{ $name }» слишком велик
error-commerceml_root = Это не CommerceML: корневой элемент «{ $name }»
error-commerceml_nothing = В файле нет того, что можно загрузить в этот справочник
error-commerceml_documents = В файле только документы (заказы), а не каталог или цены
error-commerceml_product_missing = Товара с идентификатором «{ $value }» нет. Сначала загрузите каталог
error-commerceml_no_stock = В файле нет ничего об остатках
error-commerceml_warehouse_missing = Среди наших складов нет «{ $value }». Дайте одному из них это название или добавьте этот идентификатор к его внешним
error-commerceml_warehouse_unsaid = Файл не говорит, на каком складе товар. Выберите склад
error-fetch_url_bad = Адрес «{ $url }» должен начинаться с http:// или https://
error-fetch_url_private = «{ $url }» ведёт во внутреннюю сеть; такие адреса запрещены
error-fetch_failed = Не удалось получить «{ $url }»: { $message }
error-rates_nothing = В файле нет курсов
error-price_book_foreign = Это не книга цен, выгруженная из программы: скрытого листа нет
error-price_book_empty = Цену нельзя убрать: верните число в ячейку
error-price_book_stale = Пока книга была у вас, цену изменили на { $price }. Выгрузите книгу снова
print-page = Страница #n# из #all#
print-labels = Этикетки
error-print_barcode_bad = «{ $value }» нельзя напечатать как этот штрихкод
error-label_too_small = Этикетка { $width } × { $height } мм слишком мала
error-print_unavailable = Печать недоступна: программа собрана без шрифта

## Prices in and out: pages
inout = Прайсы и обмен
inout-lists = Прайс-листы партнёров
inout-lists-about = поставщиков и конкурентов, в любом виде
inout-matching = Сопоставление
inout-matching-about = чужая строка — наш товар
inout-comparison = Сравнение цен
inout-book = Книга Excel
inout-book-about = цены туда и обратно
inout-commerceml = CommerceML
inout-commerceml-about = обмен с 1С, BAS и магазинами
inout-paper = Печать
inout-paper-about = прайс-лист, ценники, этикетки
inout-may_not = Загружать у вас нет права.
inout-as_said = как в файле
inout-known = Уже загруженные
inout-known-none = Пока ни одного. Как читать прайс, запоминается для каждого партнёра.
inout-known-ours = Найдено наших / всего строк
inout-columns = колонки
inout-column = Что в колонке
inout-sheets = Листы
inout-heading_at = заголовок в строке { $row }
inout-heading_is = Заголовок — строка { $row }
inout-heading_none = заголовок не найден: отметьте его строку и укажите, что в колонках
inout-columns-hint = Если что-то распознано не так, исправьте здесь и проверьте ещё раз: выбор запомнится после загрузки.
inout-on_request = По запросу: { $count }
inout-groups = Строк групп: { $count }
inout-repeated = Повторов: { $count }
inout-stands_again = «{ $name }» стоит в { $place } ещё раз, после { $first }: учтена цена { $counts }, а { $other } — нет
inout-stands_again_alike = «{ $name }» стоит в { $place } ещё раз, после { $first }, по той же цене
inout-stands_again_more = …и ещё повторённых строк: { $count }
inout-asked_price = по запросу
inout-same = Наши: { $count }
inout-maybe = Проверить: { $count }
inout-none = Не найдено: { $count }
inout-to_matching = К сопоставлению
inout-theirs = В прайсе
inout-ours = Наш товар
inout-decision = Решение
inout-accept = Это он
inout-reject = Не наш
inout-create = Создать товар
inout-accepted = Сопоставлено
inout-rejected = Не наш товар
inout-created = Товар создан
inout-said = { $what }: { $name }
inout-other = другой товар…
inout-near-none = Похожих товаров нет
inout-price_asked = по запросу
inout-key-choose = выбрать
inout-matching-empty = Здесь всё решено
inout-matching-empty_hint = Загрузите прайс-лист или посмотрите на другие строки.
inout-types-hint = Не отмечен ни один — все, что ведутся вручную.
inout-book-out = Выгрузите книгу
inout-book-out_hint = Строки и колонки можно сортировать, переставлять и добавлять свои; меняйте только цены.
inout-book-in = Верните её
inout-book-in_hint = Только изменённые ячейки станут тем, что вы выберете. Ошибки названы по ячейкам.
inout-book-as = Изменённые ячейки становятся
inout-book-as_edited = редактируемыми ценами (сравнить и ввести в действие — на рабочем месте цен)
inout-book-as_draft = черновиком изменения цен
inout-book-download = Выгрузить книгу
inout-book-changed = Изменённых ячеек: { $count }
inout-book-nothing = Ни одна ячейка не изменена.
inout-book-draft = Черновик изменения цен
inout-book-missing = Нет в книге (цены остаются): { $count }
inout-commerceml-out = Выгрузить
inout-commerceml-out_hint = Весь каталог и все действующие цены, UTF-8, версия 2.10.
inout-commerceml-catalogue = каталог
inout-commerceml-offers = цены
inout-commerceml-with_stock = цены и остатки
inout-commerceml-in = Загрузить
inout-commerceml-in_hint = Сначала каталог (import.xml), затем цены (offers.xml). Кодировка и версия определяются сами. Как поступления: то, чего в файле больше, пойдёт в черновик для каждого склада; сам он не проводится.
inout-commerceml-warehouse = Склад, если файл его не называет
inout-commerceml-in_file = В файле
inout-commerceml-available = У нас
inout-commerceml-difference = Разница
inout-commerceml-more = В файле больше
inout-commerceml-less = В файле меньше
inout-kind = Что загрузить
inout-kind-hint = Не выбрано — по содержимому файла.
inout-paper-what = Что печатать
inout-paper-list = Прайс-лист
inout-paper-labels = Ценники и этикетки
inout-paper-size = Бумага
inout-paper-sheet = лист A4, { $size }
inout-paper-roll = принтер этикеток, { $size } мм
inout-paper-code = Код
inout-code-auto = EAN-13, иначе Code 128
inout-code-code128 = Code 128
inout-code-qr = QR
inout-code-none = без кода
inout-paper-copies = Экземпляров каждого
inout-paper-by_receipt = столько этикеток, сколько поступило
inout-paper-products = Товаров: { $count }
inout-comparison-about = их цена в нашей валюте и с нашим НДС
inout-paper-types = Этикетка показывает первую из отмеченных; без отметки — обычный вид цен.

error-file_unwritable = Не удаётся записать файл { $file }: проверьте права и свободное место
error-match_no_rows = В файле { $file } под заголовком нет строк
error-match_too_many = Слишком много строк для сравнения: во всех списках вместе разрешено не более { $max }. Разделите { $file }, например по региону
error-match_one_column = В файле { $file } только один столбец: первым идёт идентификатор, далее то, что сравнивают
error-match_columns = Ни одного столбца первого файла ({ $left }) нет в { $right }: дайте им одинаковые заголовки
error-match_nothing = Не осталось ни одного столбца для сравнения
error-match_kind = «{ $value }» не имеет вида СТОЛБЕЦ=ВИД; виды: { $choices }
error-match_row = Строка { $row } файла { $file } не читается
match-columns = столбцы: { $columns }
match-too-long = строк, в которых ячеек больше, чем в заголовке (лишнее пропущено): { $count }
match-done = одинаковых { $same }, возможно одинаковых { $maybe }, разных { $different }
commerceml-stock = Остатки: сравнено { $compared } с тем, что у нас можно продать; в файле больше: { $more }, меньше: { $less }
commerceml-difference = { $product } ({ $warehouse }): в файле { $in_file }, у нас { $available }
commerceml-all_warehouses = все склады
commerceml-warehouse_passed = Склад «{ $name }» из файла — не наш; пропущено { $quantity } в { $offers ->
    [one] { $offers } предложении
   *[other] { $offers } предложениях
}
commerceml-unknown_offers = { $count ->
    [one] { $count } предложение с остатком — о товаре, которого у нас нет
    [few] { $count } предложения с остатком — о товарах, которых у нас нет
   *[other] { $count } предложений с остатком — о товарах, которых у нас нет
}
commerceml-receipt = Черновик поступления { $number }, { $warehouse }: { $lines ->
    [one] { $lines } строка
    [few] { $lines } строки
   *[other] { $lines } строк
}{ $without_cost ->
    [0] {""}
   *[other] ; ещё надо вписать себестоимость: { $without_cost }
}
commerceml-receipt_would_be = В черновик поступления пошло бы, { $warehouse }: { $lines ->
    [one] { $lines } строка
    [few] { $lines } строки
   *[other] { $lines } строк
}{ $without_cost ->
    [0] {""}
   *[other] , из них без себестоимости: { $without_cost }
}
commerceml-kits_passed = { $count ->
    [one] Состав { $count } комплекта пропущен: товар у нас уже есть. Чтобы изменить его, загрузите файл как товары
   *[other] Состав { $count } комплектов пропущен: эти товары у нас уже есть. Чтобы изменить их, загрузите файл как товары
}
