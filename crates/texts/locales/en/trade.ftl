### Exchange of catalogues, prices and rates.
error-xml_malformed = The XML file is damaged: { $message }
error-xml_cut_short = The XML file is cut short: not all elements are closed
error-xml_document_type = The XML file has a document type definition (DOCTYPE); such files are not taken
error-xml_entity = The XML file has an unknown entity “&{ $name };”
error-xml_too_deep = XML elements are nested too deeply: at most { $max } levels
error-xml_element_too_large = The element “{ $name }” is too large
error-commerceml_root = This is not CommerceML: the root element is “{ $name }”
error-commerceml_nothing = The file has nothing that this collection could take
error-commerceml_documents = The file has only documents (orders), no catalogue and no prices
error-commerceml_product_missing = There is no product with the id “{ $value }”. Import the catalogue first
error-url_bad = The address “{ $url }” must begin with http:// or https://
error-url_private = “{ $url }” leads into a private network; such addresses are not allowed
error-url_failed = “{ $url }” could not be fetched: { $message }
error-rates_nothing = The file has no rates
