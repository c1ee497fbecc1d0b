/// An observable of a user's, as the catalogue's are: with its names checked, and what it returns.
enum UserObservable<Definition: NetworkObservable>: ObservableDefinition {
  static var key: String { Definition.key }
  static var title: String { Definition.title }
  static var meaning: String { Definition.meaning }
  static var method: String { Definition.method }
  static var source: String { Definition.source }
  static var numericsVersion: Int { Definition.numericsVersion }
  static var services: Set<ObservableService> { Definition.needs.reduce(into: []) { $0.formUnion($1.services) } }
  static var needsLoss: Bool { Definition.needs.contains(where: \.needsLoss) }

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] { Definition.records(setting) }

  static func check(_ setting: ObservableSetting) throws {
    if Definition.needs.contains(.tangentKernel) {
      try KernelBounds.check(key, setting, matrices: setting.tangentMatrices)
    }
    for record in Definition.records(setting) { try ObservableNames.check(record.name, of: key) }
    try Definition.check(setting)
  }

  /// - Throws: ``ObservableError`` for values that are of no record, or not of its shape.
  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) throws -> [ObservedValue] {
    let values = try Definition.estimate(ObservedNetwork(key: key, needs: Definition.needs, source: context))
    let kinds = Dictionary(
      Definition.records(context.plan.setting).map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
    var seen: Set<String> = []
    for value in values {
      guard let kind = kinds[value.name] else {
        throw ObservableError(
          key, "it returns '\(value.name)', which is none of its records", remedy: "name it among its records")
      }
      guard seen.insert(value.name).inserted else {
        throw ObservableError(key, "it returns '\(value.name)' twice at one step", remedy: "return each record once")
      }
      guard value.shape.allSatisfy({ $0 >= 0 }), value.values.count == value.shape.reduce(1, *) else {
        throw ObservableError(
          key, "'\(value.name)' has the shape \(value.shape) and \(value.values.count) numbers",
          remedy: "make the two agree")
      }
      switch kind {
      case .number, .bound:
        guard value.shape.isEmpty else {
          throw ObservableError(
            key, "'\(value.name)' is recorded as a number and has the shape \(value.shape)",
            remedy: "record it as an array, or return a number")
        }
      case .list, .density, .matrix, .array: break
      }
    }
    return values
  }
}

/// Which names observables and what they record may have.
enum ObservableNames {
  /// What training itself records.
  private static let reserved: Set<String> = ["diverged"]

  /// - Throws: ``ObservableError`` unless the key is in kebab-case and none of the catalogue's.
  static func check(key: String) throws {
    guard ObservableCatalogue.definition(key) == nil else {
      throw ObservableError(key, "the catalogue has one of this name", remedy: "choose another key")
    }
    let letters = "abcdefghijklmnopqrstuvwxyz"
    guard let first = key.first, letters.contains(first), key.last != "-",
      key.allSatisfy({ (letters + "0123456789-").contains($0) }), !reserved.contains(key)
    else {
      throw ObservableError(
        key, "its key is no name in kebab-case",
        remedy: "choose letters, digits and hyphens, such as gradient-participation")
    }
  }

  /// - Throws: ``ObservableError`` for the name of a record that files and exports cannot hold.
  static func check(_ name: String, of key: String) throws {
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains(scalar))
    }
    guard isPlain, !name.isEmpty, !reserved.contains(name) else {
      throw ObservableError(
        key, "'\(name)' cannot be the name of a record", remedy: "choose letters, digits, dots and hyphens")
    }
  }

  /// - Throws: ``ObservableError`` where two observables have one key, or would record under one name.
  static func checkDistinct(_ observables: [TrainingObservable], _ setting: ObservableSetting) throws {
    var owners: [String: String] = [:]
    for observable in observables {
      for record in observable.definition.records(setting) {
        if let other = owners.updateValue(observable.rawValue, forKey: record.name) {
          throw ObservableError(
            observable.rawValue,
            other == observable.rawValue
              ? "it records '\(record.name)' twice" : "it records '\(record.name)', as \(other) does",
            remedy: "choose another name")
        }
      }
    }
  }
}
