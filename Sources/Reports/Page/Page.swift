import OrreryFindings

/// A report: one HTML file that needs nothing else, reads on a phone and on paper, in light and dark.
///
/// ```swift
/// var page = Page(title: "Six layers of GELU on digits")
/// page.sections = [Section("Forecast", [.headline(headline)]), Section("Depth", [.figure(figure)])]
/// try page.write(to: "report/index.html")
/// ```
public struct Page: Hashable, Codable, Sendable {
  public var title: InlineText
  /// One or two sentences under the title.
  public var subtitle: InlineText
  /// Short facts of the run under the title: date, seed, version.
  public var facts: [Fact]
  public var sections: [Section]
  /// The publications behind the page, numbered in this order; text links to one by `#source-KEY`.
  public var references: [Reference]

  /// A name and its value.
  public struct Fact: Hashable, Codable, Sendable {
    public var name: String
    public var value: InlineText

    public init(_ name: String, _ value: InlineText) {
      self.name = name
      self.value = value
    }
  }

  public init(
    title: InlineText, subtitle: InlineText = "", facts: [Fact] = [], sections: [Section] = [],
    references: [Reference] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.facts = facts
    self.sections = sections
    self.references = references
  }

  /// The whole file.
  public func html() -> String {
    var renderer = PageRenderer(self)
    return renderer.render()
  }

  /// Every figure of the page, in order, those inside collapsed parts too.
  public var figures: [Figure] {
    func collect(_ blocks: [Block]) -> [Figure] {
      blocks.flatMap { block -> [Figure] in
        switch block {
        case .figure(let figure): [figure]
        case .figures(let figures): figures
        case .details(_, let inner): collect(inner)
        default: []
        }
      }
    }
    return sections.flatMap { collect($0.blocks) }
  }
}

/// A part of a page under a heading that can be linked to.
public struct Section: Hashable, Codable, Sendable {
  public var heading: InlineText
  /// The heading's id; made from the heading unless given.
  public var anchor: String
  public var blocks: [Block]

  public init(_ heading: InlineText, anchor: String? = nil, _ blocks: [Block] = []) {
    self.heading = heading
    self.anchor = anchor ?? Markup.anchor(heading.plain)
    self.blocks = blocks
  }
}

/// What stands in a section.
public indirect enum Block: Hashable, Codable, Sendable {
  case headline(Headline)
  case paragraph(InlineText)
  /// A smaller heading inside a section.
  case heading(InlineText)
  case list([InlineText], ordered: Bool = false)
  case table(Table)
  case figure(Figure)
  /// Figures side by side where there is room.
  case figures([Figure])
  case definitions([Definition])
  /// A remark that must be seen, with its colour.
  case callout(StatusChip, InlineText)
  /// Preformatted text: a description in YAML, a command.
  case code(String)
  /// Blocks behind a line that opens them; paper shows them open.
  case details(InlineText, [Block])
}

/// A plot with its caption.
public struct Figure: Hashable, Codable, Sendable {
  /// The id on the page and the name of saved files; must be unique in a page.
  public var name: String
  public var plot: Plot
  public var caption: InlineText

  public init(_ name: String, _ plot: Plot, caption: InlineText = "") {
    self.name = Markup.anchor(name)
    self.plot = plot
    self.caption = caption
  }
}

/// A named statement that numbers elsewhere link to: a law with its formula.
public struct Definition: Hashable, Codable, Sendable {
  /// The id, used as `#anchor`.
  public var anchor: String
  public var term: InlineText
  public var text: InlineText

  public init(_ term: InlineText, anchor: String? = nil, _ text: InlineText) {
    self.term = term
    self.anchor = anchor ?? Markup.anchor(term.plain)
    self.text = text
  }
}

/// A publication.
public struct Reference: Hashable, Codable, Sendable {
  /// The id is `source-KEY`.
  public var key: String
  /// Further keys that lead here: one publication may stand behind several laws.
  public var otherKeys: [String] = []
  /// What the page took from it.
  public var title: InlineText
  /// Authors, title, year, as a reader would look it up.
  public var citation: InlineText
  /// An http(s) address.
  public var link: String?
  /// What the entry stands for, which the page holds for programs too.
  public var sources: [Source] = []

  public init(key: String, title: InlineText, citation: InlineText, link: String? = nil) {
    self.key = key
    self.title = title
    self.citation = citation
    self.link = link
  }

  /// The id on the page.
  public var anchor: String { Self.anchor(key) }

  static func anchor(_ key: String) -> String { "source-" + Markup.anchor(key) }
}
