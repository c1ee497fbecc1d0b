import OrreryFindings

/// What an observable says of itself, one of the catalogue's or one of your own.
public protocol ObservableDescription: Sendable {
  /// In kebab-case, such as `gradient-participation`; no two have the same.
  static var key: String { get }
  /// What a report calls it.
  static var title: String { get }
  /// What it is, a formula among it, in one or two sentences.
  static var meaning: String { get }
  /// How it is estimated, and with which error, in a sentence.
  static var method: String { get }
  /// Where it comes from; empty unless given.
  static var publications: [Publication] { get }
  /// Rises whenever the same network gets other digits; 1 unless given.
  static var numericsVersion: Int { get }
  /// The series that are recorded, in order; one number at each step, under the key, unless given. Their names begin with the key.
  static func records(_ setting: ObservableSetting) -> [ObservableRecord]
  /// Asked before any work begins; nothing is refused unless given.
  ///
  /// - Throws: ``ObservableError`` when this network, optimizer or these data do not have it.
  static func check(_ setting: ObservableSetting) throws
}

extension ObservableDescription {
  public static var publications: [Publication] { [] }
  public static var numericsVersion: Int { 1 }
  public static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord(key, title)] }
  public static func check(_ setting: ObservableSetting) throws {}
}
