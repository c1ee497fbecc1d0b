import OrreryFindings
import OrreryReports

/// A part of the physics of deep learning.
public enum LawChapter: String, Codable, Sendable, CaseIterable {
  case infiniteWidth = "Signals at infinite width"
  case fluctuations = "Fluctuations at finite width"
  case learning = "Learning at finite width"
  case limits = "Where the expansion ends"
}

/// What a law says, before any number.
public struct LawStatement: Hashable, Codable, Sendable {
  /// Its name on the command line, in kebab-case: `vertex-growth`.
  public var key: String
  public var chapter: LawChapter
  /// What a reader calls it.
  public var title: InlineText
  /// The law in words, a sentence or two.
  public var text: InlineText
  public var formula: InlineText
  /// Where it holds, and where it does not.
  public var domain: InlineText
  /// How it is measured here.
  public var experiment: InlineText
  /// How large δ, what the theory leaves out, is taken to be.
  public var truncationRule: InlineText
  /// The smallest departure that would matter: with larger errors nothing is decided.
  public var smallestEffect: InlineText
  public var sources: [Source]

  public init(
    key: String, chapter: LawChapter, title: InlineText, text: InlineText, formula: InlineText, domain: InlineText,
    experiment: InlineText, truncationRule: InlineText, smallestEffect: InlineText, sources: [Source]
  ) {
    self.key = key
    self.chapter = chapter
    self.title = title
    self.text = text
    self.formula = formula
    self.domain = domain
    self.experiment = experiment
    self.truncationRule = truncationRule
    self.smallestEffect = smallestEffect
    self.sources = sources
  }
}
