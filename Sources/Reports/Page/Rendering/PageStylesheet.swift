/// The page's style: one calm column for text, figures and tables a little wider, both themes, paper.
enum PageStylesheet {
  static let text = variables + base + headline + tables + figures + rest + narrow + print

  private static let variables = """
    :root{color-scheme:light dark;
    --paper:\(PlotStylesheet.paper.light);--card:#f6f7f8;--ink:\(PlotStylesheet.ink.light);--muted:\(PlotStylesheet.muted.light);
    --rule:#d9dce1;--hair:#e9ebee;--link:#0a5c94;--good:#11703f;--good-bg:#e2f3e8;--caution:#875400;--caution-bg:#fbeed2;
    --bad:#b02a1f;--bad-bg:#fbe5e2;--unknown:#59616c;--unknown-bg:#eceef1;
    --serif:Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4","Noto Serif",Georgia,"Liberation Serif",serif;
    --sans:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,"Liberation Sans",sans-serif;
    --mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
    @media screen and (prefers-color-scheme:dark){:root{
    --paper:\(PlotStylesheet.paper.dark);--card:#1c2027;--ink:\(PlotStylesheet.ink.dark);--muted:\(PlotStylesheet.muted.dark);
    --rule:#363c45;--hair:#272c34;--link:#7cbcec;--good:#62cf92;--good-bg:#163325;--caution:#e6b450;--caution-bg:#382b10;
    --bad:#ff8f80;--bad-bg:#40201c;--unknown:#a7b0bb;--unknown-bg:#2a3038}}

    """

  private static let base = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
    body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.58 var(--serif)}
    main{max-width:62rem;margin:0 auto;padding:2.6rem 1.5rem 4rem}
    h1,h2,h3{font-family:var(--sans);line-height:1.22;text-wrap:balance;letter-spacing:-.01em}
    h1{font-size:1.95rem;margin:0 0 .5rem;font-weight:680}
    h2{font-size:1.32rem;margin:3rem 0 .8rem;padding-top:1rem;border-top:1px solid var(--rule);position:relative}
    h3{font-size:1.06rem;margin:1.8rem 0 .5rem}
    p,ul,ol,dl{max-width:44rem;margin:0 0 1rem}
    li{margin:.2rem 0}
    a{color:var(--link);text-decoration-thickness:.06em;text-underline-offset:.16em}
    sub,sup{font-size:.72em;line-height:0}
    code,pre{font-family:var(--mono);font-size:.86em}
    .anchor{position:absolute;left:-1.1rem;color:var(--muted);text-decoration:none;opacity:0;font-weight:400}
    h2:hover .anchor,.anchor:focus{opacity:1}
    .subtitle{font-size:1.16rem;color:var(--muted);margin-bottom:1rem}
    .facts{display:flex;flex-wrap:wrap;gap:.25rem 1.6rem;max-width:none;font:.84rem/1.5 var(--sans);margin:0 0 1rem}
    .facts div{display:flex;gap:.45rem}
    .facts dt{color:var(--muted)}
    .facts dd{margin:0;font-variant-numeric:tabular-nums}
    nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font:.9rem/1.6 var(--sans);margin-bottom:1rem}
    nav a{text-decoration:none}
    nav a:hover{text-decoration:underline}

    """

  private static let headline = """
    .headline{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:1.1rem 1.25rem;
    font:.875rem/1.6 var(--mono);margin:0 0 1.4rem}
    .headline .entry{display:grid;grid-template-columns:6.2rem 1fr;margin:.15rem 0}
    .headline .label{color:var(--muted);font-weight:600;letter-spacing:.03em}
    .headline p{margin:0;max-width:none;text-wrap:pretty}
    .headline .lines p{padding-left:2ch;text-indent:-2ch}
    .headline .good,.headline .bad,.headline .caution{font-weight:600}
    .headline p.good{color:var(--good)}.headline p.caution{color:var(--caution)}
    .headline p.bad{color:var(--bad)}.headline p.unknown{color:var(--unknown)}
    .headline .scroll{margin:.7rem 0;border-block:1px solid var(--rule);background:none}
    .headline table{font:inherit;width:100%}
    .headline th,.headline td{padding:.18rem .75rem;border:0;white-space:nowrap}
    .headline tbody th.left{font-weight:400;min-width:0}
    .headline thead th{font-weight:600;color:var(--muted);background:var(--card)}
    .headline .chip{font-family:inherit;font-size:1em}
    .headline .note{color:var(--muted);font-size:.8rem}

    """

  private static let tables = """
    .table{margin:1.4rem 0 1.8rem}
    .caption,figcaption{font:.875rem/1.5 var(--sans);color:var(--ink);max-width:none;margin:0 0 .5rem}
    .number{font-weight:650}
    .scroll{overflow-x:auto;-webkit-overflow-scrolling:touch;border-block:1px solid var(--rule)}
    .scroll.long{max-height:34rem;overflow-y:auto}
    .scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
    table{border-collapse:separate;border-spacing:0;font:.875rem/1.45 var(--sans);font-variant-numeric:tabular-nums lining-nums;
    min-width:100%}
    th,td{padding:.34rem .65rem;border-bottom:1px solid var(--hair);vertical-align:baseline;text-align:left}
    tbody tr:last-child>*{border-bottom:0}
    thead th{position:sticky;top:0;background:var(--paper);border-bottom:1px solid var(--rule);font-weight:650;white-space:nowrap;
    vertical-align:bottom}
    tbody th{font-weight:400}
    tbody th.left{min-width:11rem}
    tbody tr:hover>*{background:var(--card)}
    .right,.decimal{text-align:right;white-space:nowrap}
    .center{text-align:center}
    .table td a{white-space:nowrap}
    .verdict{position:sticky;right:0;background:var(--paper);z-index:1}
    .indent{padding-left:2.2ch}
    .headline .indent{padding-left:calc(.75rem + 2ch);color:var(--muted)}
    .unit{color:var(--muted);font-weight:400}
    .none{color:var(--muted)}
    .note{font:.84rem/1.5 var(--sans);color:var(--muted);margin:.45rem 0 0;max-width:none}
    .chip{display:inline-block;white-space:nowrap;font:600 .8rem/1.35 var(--sans);padding:.06rem .5rem;border-radius:1rem}
    .chip.good{color:var(--good);background:var(--good-bg)}
    .chip.caution{color:var(--caution);background:var(--caution-bg)}
    .chip.bad{color:var(--bad);background:var(--bad-bg)}
    .chip.unknown{color:var(--unknown);background:var(--unknown-bg)}

    """

  private static let figures = """
    figure{margin:1.4rem 0 1.8rem;min-width:0}
    figure.column{max-width:31rem}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:.4rem 2rem}
    .figures figure{max-width:none;margin:.5rem 0}
    .figures figure.wide{grid-column:1/-1}
    .picture svg{display:block;width:100%;height:auto}
    .picture.narrow{display:none}
    figcaption{margin:.4rem 0 0}
    .save{float:right;display:flex;gap:.8rem;margin-left:1rem;white-space:nowrap}
    figcaption::after,.caption::after{content:"";display:block;clear:both}
    .save button,.save a{font:inherit;font-size:.8125rem;color:var(--link);background:none;border:0;padding:.1rem 0;cursor:pointer;
    text-decoration:none}
    .save button[hidden]{display:none}
    .save button:hover,.save a:hover{text-decoration:underline}
    .save button:focus-visible,.save a:focus-visible{outline:2px solid var(--link);outline-offset:2px}

    """

  private static let rest = """
    .callout{border-left:3px solid var(--unknown);padding:.15rem 0 .15rem 1rem}
    .callout.good{border-color:var(--good)}.callout.caution{border-color:var(--caution)}.callout.bad{border-color:var(--bad)}
    .callout .chip{margin-right:.3rem}
    pre{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:.85rem 1rem;overflow-x:auto;line-height:1.5;
    margin:0 0 1rem}
    details{border-block:1px solid var(--hair);margin:0 0 1rem;padding:.2rem 0}
    details+details{border-top:0;margin-top:-1rem}
    summary{cursor:pointer;font:600 .95rem/1.5 var(--sans);padding:.35rem 0}
    .inside{padding:.4rem 0 .2rem}
    .definitions{max-width:none;font-size:1rem}
    .definitions>div{display:grid;grid-template-columns:14rem 1fr;gap:.2rem 1.5rem;padding:.5rem .6rem;
    border-bottom:1px solid var(--hair)}
    .definitions dt{font:600 .9rem/1.6 var(--sans)}
    .definitions dd{margin:0}
    .sources{font-size:.95rem;padding-left:1.7rem;max-width:52rem}
    .sources li{padding:.15rem .3rem}
    .sources li::marker{color:var(--muted);font-family:var(--sans);font-size:.85em}
    .definitions>div:target,.sources li:target,tr:target>*{background:var(--caution-bg)}

    """

  private static let narrow = """
    @media (max-width:40rem){
    body{font-size:1rem}
    main{padding:1.4rem 1rem 3rem}
    h1{font-size:1.55rem}
    h2{margin-top:2.2rem}
    .headline{margin-inline:-.4rem;padding:.8rem .8rem;font-size:.8125rem}
    .headline .entry{grid-template-columns:1fr;margin:.5rem 0}
    .headline th,.headline td{padding-inline:.45rem}
    .headline th:first-child,table th:first-child{padding-left:0}
    .headline .indent,.indent{padding-left:2ch!important}
    th,td{padding-inline:.55rem}
    .definitions>div{grid-template-columns:1fr;padding-inline:0}
    .picture.broad{display:none}
    .picture.narrow{display:block}
    .picture{margin-inline:-.35rem}
    .save button,.save a{padding:.35rem 0}
    thead th:first-child,tbody th{position:sticky;left:0;background:var(--paper);z-index:1}
    tbody th.left{min-width:7.5rem;max-width:10.5rem;white-space:normal}
    .headline tbody th.left{min-width:7.5rem;max-width:9.5rem;white-space:normal}
    .headline thead th:first-child,.headline tbody th{background:var(--card)}
    .verdict{padding-right:0!important}
    th.verdict,.verdict .word{font-size:0}
        }

    """

  private static let print = """
    @media print{
    @page{size:A4;margin:18mm 16mm}
    :root{color-scheme:light}
    html{font-size:10pt}
    body{font-size:1rem}
    main{max-width:none;padding:0}
    nav,.save,.anchor{display:none!important}
    summary{list-style:none}
    h1{font-size:18pt}h2{font-size:13pt;margin-top:1.6rem}
    h2,h3,.caption,summary{break-after:avoid}
    figure,.headline,.callout,tr,.definitions>div,.sources li{break-inside:avoid}
    p{orphans:3;widows:3}
    .figures{grid-template-columns:1fr 1fr;gap:.2rem 1.2rem}
    figure.column{max-width:9.2cm}
    .scroll,.scroll.long{overflow:visible;max-height:none}
    thead th,.verdict{position:static}
    thead{display:table-header-group}
    .headline{font-size:7.6pt;padding:.7rem .9rem}
    .headline th,.headline td{padding-inline:.4rem}
    table{font-size:8.5pt}
    pre{white-space:pre-wrap}
    details::details-content{content-visibility:visible;display:block}
    a{color:inherit;text-decoration:none}
    .picture.narrow{display:none}.picture.broad{display:block}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    }

    """
}
