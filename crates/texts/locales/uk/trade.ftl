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
error-url_bad = Адреса «{ $url }» має починатися з http:// або https://
error-url_private = «{ $url }» веде до внутрішньої мережі; такі адреси заборонено
error-url_failed = Не вдалося отримати «{ $url }»: { $message }
error-rates_nothing = У файлі немає курсів
