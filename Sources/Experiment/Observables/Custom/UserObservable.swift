import OrreryFindings

/// An observable of a user's, as the catalogue's are: with its names checked, and what it returns.
enum UserObservable<Definition: NetworkObservable>: ObservableDefinition {
  static var key: String { Definition.key }
  static var title: String { Definition.title }
  static var meaning: String { Definition.meaning }
  static var method: String { Definition.method }
  static var publications: [Publication] { Definition.publications }
  static var numericsVersion: Int { Definition.numericsVersion }
  static var services: Set<ObservableService> { Definition.needs.reduce(into: []) { $0.formUnion($1.services) } }
  static var needsLoss: Bool { Definition.needs.contains(where: \.needsLoss) }

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] { Definition.records(setting) }

  static func check(_ setting: ObservableSetting) throws {
    if Definition.needs.contains(.tangentKernel) {
      try KernelBounds.check(key, setting, matrices: setting.tangentMatrices)
    }
    let taken = ObservableNames.catalogued(setting)
    for record in Definition.records(setting) { try ObservableNames.check(record.name, of: key, taken: taken) }
    try Definition.check(setting)
  }

  /// - Throws: ``ObservableError`` for values that are of no record, or not of its shape.
  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) throws -> [ObservedValue] {
    let access = ObservedNetwork.Access(context)
    defer { access.end() }
    let values = try Definition.estimate(ObservedNetwork(key: key, needs: Definition.needs, access: access))
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
      try check(value, is: kind)
      try checkShape(value, is: kind, context)
    }
    return values
  }

  /// - Throws: ``ObservableError`` for a shape that a record of this kind cannot be drawn from.
  private static func check(_ value: ObservedValue, is kind: ObservableRecord.Kind) throws {
    let hasElements = !value.values.isEmpty
    let (what, fits): (String, Bool) =
      switch kind {
      case .number, .bound: ("a number", value.shape.isEmpty)
      case .list: ("a list, of the shape [n]", value.shape.count == 1 && hasElements)
      case .density: ("a density, of the shape [3, n]", value.shape.count == 2 && value.shape[0] == 3 && hasElements)
      case .matrix: ("a matrix, of the shape [n, m]", value.shape.count == 2 && hasElements)
      case .array: ("an array", true)
      }
    guard fits else {
      throw ObservableError(
        key, "'\(value.name)' is recorded as \(what) and has the shape \(value.shape)",
        remedy: "return one with at least one element, or record it as an array")
    }
  }

  /// - Throws: ``ObservableError`` for lists, densities and matrices of another shape than at the network's earlier steps.
  private static func checkShape<Scalar: TrainingScalar>(
    _ value: ObservedValue, is kind: ObservableRecord.Kind, _ context: ObservationContext<Scalar>
  ) throws {
    switch kind {
    case .number, .bound, .array: return
    case .list, .density, .matrix: break
    }
    let name = "\(value.name).shape"
    let shape = value.shape.map { Double($0) }
    guard let earlier = context.memory[name] else {
      context.memory[name] = shape
      return
    }
    guard earlier == shape else {
      throw ObservableError(
        key,
        "'\(value.name)' has the shape \(value.shape) at step \(context.step), and had \(earlier.map { Int($0) }) before",
        remedy: "keep the shape over steps, or record it as an array")
    }
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

  /// Every name under which the catalogue records, and its keys.
  static func catalogued(_ setting: ObservableSetting) -> Set<String> {
    ObservableCatalogue.all.reduce(into: []) { names, definition in
      names.insert(definition.key)
      for record in definition.records(setting) { names.insert(record.name) }
    }
  }

  /// - Parameter taken: the catalogue's own names.
  /// - Throws: ``ObservableError`` for the name of a record that files and exports cannot hold, that does not begin with the observable's
  ///   key, or that is the catalogue's.
  static func check(_ name: String, of key: String, taken: Set<String>) throws {
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains(scalar))
    }
    guard isPlain, !name.isEmpty, !reserved.contains(name) else {
      throw ObservableError(
        key, "'\(name)' cannot be the name of a record", remedy: "choose letters, digits, dots and hyphens")
    }
    guard name == key || name.hasPrefix("\(key).") || name.hasPrefix("\(key)-") else {
      throw ObservableError(
        key, "it records '\(name)', which does not begin with its key",
        remedy: "call it \(key), or \(key) with a dot and a name behind it")
    }
    guard !taken.contains(name) else {
      throw ObservableError(key, "it records '\(name)', as the catalogue does", remedy: "choose another name")
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
