extension DataDescription: Codable {
  private enum Key: String, CodingKey {
    case name, files, synthetic, classes, train, test, normalize, targets, choice, context, text
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let name = try container.decodeIfPresent(String.self, forKey: .name) {
      source = .named(name)
    } else if let files = try container.decodeIfPresent(DataFiles.self, forKey: .files) {
      source = .files(files)
    } else if let path = try container.decodeIfPresent(String.self, forKey: .text) {
      source = .text(path)
    } else {
      source = .synthetic(try container.decode(SyntheticData.self, forKey: .synthetic))
    }
    classes = try container.decodeIfPresent([Int].self, forKey: .classes)
    train = try container.decodeIfPresent(Int.self, forKey: .train)
    test = try container.decodeIfPresent(Int.self, forKey: .test)
    normalize = try container.decodeIfPresent(DataNormalization.self, forKey: .normalize) ?? .none
    targets = try container.decodeIfPresent(TargetEncoding.self, forKey: .targets) ?? .none
    choice = try container.decodeIfPresent(SubsetChoice.self, forKey: .choice) ?? .balanced
    context = try container.decodeIfPresent(Int.self, forKey: .context)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch source {
    case .named(let name): try container.encode(name, forKey: .name)
    case .files(let files): try container.encode(files, forKey: .files)
    case .synthetic(let synthetic): try container.encode(synthetic, forKey: .synthetic)
    case .text(let path): try container.encode(path, forKey: .text)
    }
    try container.encodeIfPresent(classes, forKey: .classes)
    try container.encodeIfPresent(train, forKey: .train)
    try container.encodeIfPresent(test, forKey: .test)
    try container.encode(normalize, forKey: .normalize)
    try container.encode(targets, forKey: .targets)
    try container.encode(choice, forKey: .choice)
    try container.encodeIfPresent(context, forKey: .context)
  }
}

extension DataFiles: Codable {
  private enum Key: String, CodingKey {
    case inputs, labels
    case labelColumn = "label-column"
    case testInputs = "test-inputs"
    case testLabels = "test-labels"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    inputs = try container.decode(ArrayReference.self, forKey: .inputs)
    testInputs = try container.decodeIfPresent(ArrayReference.self, forKey: .testInputs)
    if let array = try container.decodeIfPresent(ArrayReference.self, forKey: .labels) {
      labels = .array(array)
    } else if let column = try? container.decodeIfPresent(Int.self, forKey: .labelColumn) {
      labels = .column(column)
    } else {
      labels = try container.decodeIfPresent(String.self, forKey: .labelColumn).map { .columnName($0) }
    }
    testLabels = try container.decodeIfPresent(ArrayReference.self, forKey: .testLabels)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(inputs, forKey: .inputs)
    switch labels {
    case .array(let array): try container.encode(array, forKey: .labels)
    case .column(let column): try container.encode(column, forKey: .labelColumn)
    case .columnName(let name): try container.encode(name, forKey: .labelColumn)
    case nil: break
    }
    try container.encodeIfPresent(testInputs, forKey: .testInputs)
    try container.encodeIfPresent(testLabels, forKey: .testLabels)
  }
}

extension ArrayReference: Codable {
  private enum Key: String, CodingKey { case path, array }

  /// A path alone, or an object with `path` and `array`.
  public init(from decoder: any Decoder) throws {
    if let path = try? decoder.singleValueContainer().decode(String.self) {
      self.init(path: path)
    } else {
      let container = try decoder.container(keyedBy: Key.self)
      self.init(
        path: try container.decode(String.self, forKey: .path),
        array: try container.decodeIfPresent(String.self, forKey: .array))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    guard let array else {
      var container = encoder.singleValueContainer()
      return try container.encode(path)
    }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(path, forKey: .path)
    try container.encode(array, forKey: .array)
  }
}
