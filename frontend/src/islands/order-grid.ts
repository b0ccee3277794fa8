export function mount(_el: HTMLElement): void {}
