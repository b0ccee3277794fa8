// The panel beside the lines: why a price is what it is (F4), what could be sold instead (F8). It follows its line.
import { $ } from "../../lib/dom.ts";

export type Fill = (panel: HTMLElement, row: number, close: () => void) => void;

export class Panel {
  row = -1;
  private fill: Fill | undefined;
  private readonly form: HTMLElement;
  private readonly pin: (row: number) => void;

  /** `pin` marks the row in the grid; -1 marks none. */
  constructor(form: HTMLElement, pin: (row: number) => void) {
    this.form = form;
    this.pin = pin;
  }

  /** Opens for a row; the same again closes. */
  toggle(row: number, fill: Fill): void {
    if (this.row === row && this.fill === fill) return this.close();
    this.show(row, fill);
  }

  private show(row: number, fill: Fill): void {
    const panel = $("[data-why]", this.form);
    if (!panel) return;
    this.row = row;
    this.fill = fill;
    panel.hidden = false;
    panel.closest(".k-cols")?.classList.add("with-why");
    fill(panel, row, () => this.close());
    this.pin(row);
  }

  /** Asks again what it shows, after the document was priced anew. */
  again(): void {
    if (this.row >= 0 && this.fill) this.show(this.row, this.fill);
  }

  close(): void {
    const panel = $("[data-why]", this.form);
    if (!panel || panel.hidden) return;
    this.row = -1;
    this.fill = undefined;
    panel.hidden = true;
    panel.closest(".k-cols")?.classList.remove("with-why");
    this.pin(-1);
  }
}
