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
error-commerceml_no_stock = The file says nothing of stock
error-commerceml_warehouse_missing = None of our warehouses is “{ $value }”. Give one of them this name, or add the identifier to what it is called elsewhere
error-commerceml_warehouse_unsaid = The file does not say in which warehouse the stock is. Choose the warehouse
error-fetch_url_bad = The address “{ $url }” must begin with http:// or https://
error-fetch_url_private = “{ $url }” leads into a private network; such addresses are not allowed
error-fetch_failed = “{ $url }” could not be fetched: { $message }
error-rates_nothing = The file has no rates
error-price_book_foreign = This is not a price book exported from here: its hidden sheet is missing
error-price_book_empty = A price cannot be taken away: put a number back into the cell
error-price_book_stale = While you had the book, the price was changed to { $price }. Export the book again
print-page = Page #n# of #all#
print-labels = Labels
error-print_barcode_bad = “{ $value }” cannot be printed as this bar code
error-label_too_small = A label of { $width } × { $height } mm is too small
error-print_unavailable = Printing is not available: the program was built without a font

## Prices in and out: pages
inout = Price lists and exchange
inout-lists = Partners’ price lists
inout-lists-about = of suppliers and competitors, in any form
inout-matching = Matching
inout-matching-about = their line, our product
inout-comparison = Price comparison
inout-book = Excel book
inout-book-about = prices there and back
inout-commerceml = CommerceML
inout-commerceml-about = exchange with 1C, BAS and shops
inout-paper = Printing
inout-paper-about = price list, price tags, labels
inout-may_not = You have no right to load files.
inout-as_said = as the file says
inout-known = Loaded before
inout-known-none = None yet. How a list is read is remembered for each partner.
inout-known-ours = Ours found / all lines
inout-columns = columns
inout-column = What is in column
inout-sheets = Sheets
inout-heading_at = heading in row { $row }
inout-heading_is = The heading is row { $row }
inout-heading_none = no heading found: mark its row and say what the columns are
inout-columns-hint = If something was recognised wrongly, correct it here and check again: the choice is remembered after loading.
inout-on_request = On request: { $count }
inout-groups = Group rows: { $count }
inout-repeated = Repeated: { $count }
inout-stands_again = “{ $name }” stands at { $place } again, after { $first }: the price { $counts } counts, { $other } does not
inout-stands_again_alike = “{ $name }” stands at { $place } again, after { $first }, at the same price
inout-stands_again_more = …and { $count } more lines that stand again
inout-asked_price = on request
inout-same = Ours: { $count }
inout-maybe = To check: { $count }
inout-none = Not found: { $count }
inout-to_matching = To matching
inout-theirs = In their list
inout-ours = Our product
inout-decision = Decision
inout-accept = This one
inout-reject = Not ours
inout-create = Create product
inout-accepted = Matched
inout-rejected = Not ours
inout-created = Product created
inout-said = { $what }: { $name }
inout-other = another product…
inout-near-none = No similar products
inout-price_asked = on request
inout-key-choose = choose
inout-matching-empty = All decided here
inout-matching-empty_hint = Load a price list or look at the other lines.
inout-types-hint = None ticked: all that are kept by hand.
inout-book-out = Take the book out
inout-book-out_hint = Rows and columns may be sorted, moved and added; change the prices only.
inout-book-in = Bring it back
inout-book-in_hint = Only changed cells become what you choose. Errors are told by cell.
inout-book-as = Changed cells become
inout-book-as_edited = edited prices (compare and put into effect on the price workbench)
inout-book-as_draft = a draft price change
inout-book-download = Download the book
inout-book-changed = Changed cells: { $count }
inout-book-nothing = No cell was changed.
inout-book-draft = Draft price change
inout-book-missing = Not in the book (prices stay): { $count }
inout-commerceml-out = Export
inout-commerceml-out_hint = The whole catalogue and all prices in force, UTF-8, version 2.10.
inout-commerceml-catalogue = catalogue
inout-commerceml-offers = prices
inout-commerceml-with_stock = offers with stock
inout-commerceml-in = Import
inout-commerceml-in_hint = The catalogue first (import.xml), then prices (offers.xml). Encoding and version are found by themselves. Import as stock receipts: what the file has more goes into a draft for each warehouse; nothing is posted by itself.
inout-commerceml-warehouse = Warehouse, where the file names none
inout-commerceml-in_file = In the file
inout-commerceml-available = Here
inout-commerceml-difference = Difference
inout-commerceml-more = The file has more
inout-commerceml-less = The file has less
inout-kind = What to load
inout-kind-hint = Left empty: by the content of the file.
inout-paper-what = What to print
inout-paper-list = Price list
inout-paper-labels = Price tags and labels
inout-paper-size = Paper
inout-paper-sheet = A4 sheet, { $size }
inout-paper-roll = label printer, { $size } mm
inout-paper-code = Code
inout-code-auto = EAN-13, else Code 128
inout-code-code128 = Code 128
inout-code-qr = QR
inout-code-none = no code
inout-paper-copies = Copies of each
inout-paper-by_receipt = as many labels as came
inout-paper-products = Products: { $count }
inout-comparison-about = their price in our currency and VAT basis
inout-paper-types = A label shows the first one ticked; with none ticked it is the usual price type.

error-file_unwritable = The file { $file } cannot be written: check rights and free space
error-match_no_rows = { $file } has no rows below its heading
error-match_too_many = There are too many rows to compare: at most { $max } in all lists together. Divide { $file }, for instance by region
error-match_one_column = { $file } has one column only: an id comes first, then what is to be compared
error-match_columns = No column of the first file ({ $left }) is in { $right } too: give both the same headings
error-match_nothing = No column is left to compare
error-match_kind = “{ $value }” is not COLUMN=KIND; kinds: { $choices }
error-match_row = Row { $row } of { $file } cannot be read
match-columns = columns: { $columns }
match-too-long = rows with more cells than the heading, the rest of them left out: { $count }
match-done = same { $same }, maybe { $maybe }, different { $different }
commerceml-stock = Stock: { $compared } figures compared with what can be sold here; the file has more of { $more } and less of { $less }
commerceml-difference = { $product } ({ $warehouse }): { $in_file } in the file, { $available } here
commerceml-all_warehouses = all warehouses
commerceml-warehouse_passed = The warehouse “{ $name }” of the file is none of ours; passed over: { $quantity } in { $offers ->
    [one] { $offers } offer
   *[other] { $offers } offers
}
commerceml-unknown_offers = { $count ->
    [one] { $count } offer with stock is of a product that is not here
   *[other] { $count } offers with stock are of products that are not here
}
commerceml-receipt = Draft receipt { $number }, { $warehouse }: { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
}{ $without_cost ->
    [0] {""}
   *[other] ; the cost is still to be put in: { $without_cost }
}
commerceml-receipt_would_be = Would go into a draft receipt, { $warehouse }: { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
}{ $without_cost ->
    [0] {""}
   *[other] , { $without_cost } of them without a cost
}
commerceml-kits_passed = { $count ->
    [one] The components of { $count } kit were passed over: the product is here already. Import the file as products to change them
   *[other] The components of { $count } kits were passed over: the products are here already. Import the file as products to change them
}
