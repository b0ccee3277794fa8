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
error-url_bad = Адрес «{ $url }» должен начинаться с http:// или https://
error-url_private = «{ $url }» ведёт во внутреннюю сеть; такие адреса запрещены
error-url_failed = Не удалось получить «{ $url }»: { $message }
error-rates_nothing = В файле нет курсов
