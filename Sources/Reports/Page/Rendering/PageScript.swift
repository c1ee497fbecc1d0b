/// The page's only script: it saves a picture as a file of its own, and opens everything for the printer.
///
/// Without it the page reads the same; the data still save, being addresses.
enum PageScript {
  static let text = """
    "use strict";
    for (const button of document.querySelectorAll("button[data-save]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const name = button.dataset.save;
        const pictures = document.getElementById(name).querySelectorAll("svg.plot");
        const shown = Array.from(pictures).find((one) => one.getBoundingClientRect().width > 0) || pictures[0];
        const copy = shown.cloneNode(true);
        const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
        style.textContent = document.getElementById("plot-style").textContent;
        copy.insertBefore(style, copy.children[2]);
        const text = '<?xml version="1.0" encoding="UTF-8"?>\\n' + new XMLSerializer().serializeToString(copy);
        const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
        const link = document.createElement("a");
        link.href = address;
        link.download = name + ".svg";
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(address), 1000);
      });
    }
    const opened = [];
    addEventListener("beforeprint", () => {
      for (const one of document.querySelectorAll("details:not([open])")) {
        one.open = true;
        opened.push(one);
      }
    });
    addEventListener("afterprint", () => {
      while (opened.length) opened.pop().open = false;
    });

    """
}
