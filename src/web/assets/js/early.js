// Before the first paint, so that nothing moves when the modules arrive: controls that need script are shown at once.
if ('noModule' in HTMLScriptElement.prototype) document.documentElement.classList.add('js');
