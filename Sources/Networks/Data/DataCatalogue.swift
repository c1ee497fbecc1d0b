import Foundation
import OrreryFindings

/// The data sets that Orrery knows by name.
public enum DataCatalogue {
  /// What is known of a data set without reading it.
  public struct Entry: Hashable, Codable, Sendable {
    /// The name in descriptions.
    public var name: String
    public var title: String
    /// The number of training samples; all samples if the data come without a test set.
    public var samples: Int
    /// The number of samples in the data's own test set; 0 if they come without one.
    public var testSamples: Int
    public var features: Int
    /// The extents of one sample, such as [28, 28] pixels.
    public var shape: [Int]
    /// The names of the classes; the label of a class is its place in this list.
    public var classNames: [String]
    /// What the values are, and their range.
    public var values: String
    public var source: String
    /// Who published it.
    public var publications: [Publication]
    public var licence: String
    /// Where it is: `"inside the library"`, or a folder.
    public var location: String
    public var isInstalled: Bool
    /// What to do when it is not installed.
    public var remedy: String
  }

  /// The names of all entries.
  public static let names = ["digits", "fashion-mnist", "king-james-bible"]

  /// All entries, as things stand on this machine now.
  public static var list: [Entry] { names.compactMap { entry(named: $0) } }

  /// The entry of this name; nil if there is none.
  public static func entry(named name: String) -> Entry? {
    switch name {
    case "digits": ShippedDigits.entry
    case "fashion-mnist": FashionMNIST.entry(in: FashionMNIST.folder())
    case "king-james-bible": KingJamesBible.entry
    default: nil
    }
  }

  /// The folder that the environment variable `ORRERY_DATA` names, in which data sets are looked for first, each in a
  /// folder of its own name.
  package static var userFolder: URL? {
    guard let path = ProcessInfo.processInfo.environment["ORRERY_DATA"], !path.isEmpty else { return nil }
    return URL(filePath: path, directoryHint: .isDirectory)
  }
}
