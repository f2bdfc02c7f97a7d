// Runs before the first paint, so that a chosen theme does not flash.
{
  let theme = null;
  try {
    theme = localStorage.getItem('fanfare-theme');
  } catch {
    // storage is blocked: the system's theme it is
  }
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
}
