import Foundation

/// The reference numbers that tests compare with.
///
/// - `effective_theory`: criticality, fixed points, order-1/n tensors; conventions in its member `conventions`.
/// - `infinite_width`: kernels of neural-tangents; conventions in its member `convention`.
public enum Fixtures {
  /// The document `<name>.json` of the fixtures.
  public static func json(_ name: String) throws -> JSONValue {
    try JSONValue(name: name, data: Data(contentsOf: url(name + ".json")))
  }

  /// Where a fixture file lies.
  public static func url(_ file: String) throws -> URL {
    let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(file)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw FixtureError(description: "There is no fixture \(file); the fixtures are in Tests/TestSupport/Fixtures.")
    }
    return url
  }
}
