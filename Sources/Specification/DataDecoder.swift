import OrreryNetworks

extension SpecificationNode {
  /// `digits`, or a set of keys with one of `name`, `files`, `synthetic` and `text`.
  func dataDescription() throws -> DataDescription {
    if case .scalar(let name) = value { return DataDescription(.named(name)) }
    let keys = try keys([
      "name", "files", "synthetic", "text", "context", "classes", "train", "test", "normalize", "targets", "choice",
    ])
    let sources = ["name", "files", "synthetic", "text"].filter { keys[$0] != nil }
    guard sources.count == 1 else {
      throw error(
        "data needs exactly one of name (such as digits), files, synthetic and text; it has \(sources.count).")
    }
    let source: DataSource
    if let node = keys["name"] {
      guard let name = node.text else { throw node.error("data.name must be one word, and is \(node.shape).") }
      source = .named(name)
    } else if let node = keys["files"] {
      source = .files(try node.dataFiles())
    } else if let node = keys["text"] {
      guard let path = node.text else {
        throw node.error("data.text must be the path of a text, and is \(node.shape).")
      }
      source = .text(path)
    } else {
      source = .synthetic(try keys["synthetic"]!.syntheticData())
    }
    var data = DataDescription(source)
    data.classes = try keys["classes"]?.list().map { try $0.integer() }
    data.train = try keys["train"]?.integer(atLeast: 1)
    data.test = try keys["test"]?.integer(atLeast: 0)
    if let node = keys["normalize"] { data.normalize = try node.choice(DataNormalization.self) }
    if let node = keys["targets"] { data.targets = try node.choice(TargetEncoding.self) }
    if let node = keys["choice"] { data.choice = try node.choice(SubsetChoice.self) }
    data.context = try keys["context"]?.integer(atLeast: 1)
    return data
  }

  private func dataFiles() throws -> DataFiles {
    let keys = try keys(["inputs", "labels", "label-column", "test-inputs", "test-labels"])
    guard let inputs = keys["inputs"] else { throw error("\(name) needs inputs, the path of an array's file.") }
    var files = DataFiles(inputs: try inputs.arrayReference())
    if let node = keys["labels"] {
      guard keys["label-column"] == nil else {
        throw node.error("\(name) has labels and label-column; keep the one that holds the labels.")
      }
      files.labels = .array(try node.arrayReference())
    } else if let node = keys["label-column"] {
      guard let text = node.text else { throw node.error("\(node.name) must be a column's number or name.") }
      files.labels = Int(text).map { .column($0) } ?? .columnName(text)
    }
    files.testInputs = try keys["test-inputs"]?.arrayReference()
    files.testLabels = try keys["test-labels"]?.arrayReference()
    return files
  }

  /// A path, or `{ path: X.npz, array: images }`.
  private func arrayReference() throws -> ArrayReference {
    if let text { return ArrayReference(path: text) }
    let keys = try keys(["path", "array"])
    guard let path = keys["path"]?.text else { throw error("\(name) needs a path.") }
    return ArrayReference(path: path, array: keys["array"]?.text)
  }

  private func syntheticData() throws -> SyntheticData {
    let keys = try keys(["distribution", "samples", "features"])
    guard let distribution = keys["distribution"], let samples = keys["samples"], let features = keys["features"] else {
      throw error("\(name) needs distribution (gaussian or sphere), samples and features.")
    }
    return SyntheticData(
      try distribution.choice(SyntheticData.Distribution.self), samples: try samples.integer(atLeast: 1),
      features: try features.integer(atLeast: 1))
  }
}
