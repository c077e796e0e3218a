/** Load the page anew, at an address of its own: whatever is in memory goes. */
export function loadPage(address: string): void {
  window.location.assign(address);
}
