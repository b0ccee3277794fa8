### What columns are called in files of others, divided by commas: by these words it is guessed what they mean.

also-name = name, title, full name, customer, company name, product
also-sku = sku, article, item code, part number, code
also-barcode = barcode, ean, gtin, upc
also-phone = phone, telephone, mobile, tel
also-phones = phone, telephone, mobile, tel
also-email = email, e-mail, mail
also-emails = email, e-mail, mail
also-unit_id = unit, uom, unit of measure
also-category_id = category, group, product group
also-roles = type, kind, partner type
also-manager_id = manager, salesperson, owner
also-tax_id = tax id, vat number, vat id, tin
also-quantity = quantity, qty, amount, pcs
also-price = price, unit price, cost
also-amount = amount, sum, total
also-comment = comment, note, notes, remarks
also-address = address
also-partner_id = partner, customer, client, supplier, vendor
also-product_id = product, item, article, sku, name
also-vat_rate = vat, vat rate, tax rate
also-warehouse_id = warehouse, store, location
also-website = website, site, url
also-choice-client = customer, buyer, customers
also-choice-supplier = vendor, suppliers, seller
