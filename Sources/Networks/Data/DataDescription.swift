/// Which data a study uses, and what is done with them before a network sees them. Nothing is read here.
///
/// As JSON: `{"name": "digits", "classes": [0, 1], "train": 64, "test": 200, "normalize": "sphere",
/// "targets": "plus-minus-one", "choice": "balanced"}`; in place of `name` either `files` or `synthetic`.
public struct DataDescription: Hashable, Sendable {
  public var source: DataSource
  /// The labels of the classes to keep, in the order of the targets; nil keeps all.
  public var classes: [Int]?
  /// The number of training samples; nil means all that are not test samples.
  public var train: Int?
  /// The number of test samples. nil means the data's own test set, if they come with one, else none.
  public var test: Int?
  public var normalize: DataNormalization
  public var targets: TargetEncoding
  public var choice: SubsetChoice
  /// Of a text: how many characters a sample has; nil means 128.
  public var context: Int?

  public init(
    _ source: DataSource, classes: [Int]? = nil, train: Int? = nil, test: Int? = nil,
    normalize: DataNormalization = .none, targets: TargetEncoding = .none, choice: SubsetChoice = .balanced,
    context: Int? = nil
  ) {
    self.source = source
    self.classes = classes
    self.train = train
    self.test = test
    self.normalize = normalize
    self.targets = targets
    self.choice = choice
    self.context = context
  }
}

/// Where data come from.
public enum DataSource: Hashable, Sendable {
  /// An entry of the catalogue: `digits`, `fashion-mnist`, `king-james-bible`.
  case named(String)
  case files(DataFiles)
  case synthetic(SyntheticData)
  /// The path of a text in UTF-8, whose next characters are foreseen.
  case text(String)
}

/// What is done with the inputs before a network sees them.
public enum DataNormalization: String, Hashable, Codable, Sendable, CaseIterable {
  /// Inputs are used as they are stored.
  case none
  /// Every input is scaled to |x|² = n_0, the number of features, so that every sample has K^(1) = C_b + C_W.
  /// Nothing is subtracted. An input of length 0 is an error.
  case sphere
  /// Every feature gets mean 0 and variance 1 over the training samples (variance with divisor N); test samples are moved
  /// and scaled with the training samples' numbers. A feature that is the same in all training samples becomes 0.
  case standard
}

/// How labels become the numbers that outputs are compared with.
public enum TargetEncoding: String, Hashable, Codable, Sendable, CaseIterable {
  case none
  /// One output: −1 for the first of two classes, +1 for the second.
  case plusMinusOne = "plus-minus-one"
  /// One output per class: 1 for the sample's class, 0 for the others.
  case oneHot = "one-hot"
  /// One output per class: 1 − 1/c for the sample's class, −1/c for the others, c the number of classes: they sum to 0.
  case centred
}

/// What the numbers of targets are.
public enum TargetKind: String, Hashable, Codable, Sendable {
  /// What outputs are compared with, one number for each.
  case values
  /// Numbers of classes, one for each position: an output is one number for each class.
  case classNumbers = "class-numbers"
}

/// Which samples are taken when fewer are asked for than there are.
public enum SubsetChoice: String, Hashable, Codable, Sendable, CaseIterable {
  /// One sample of every class in turn, each class's samples in an order drawn from the seed, so that classes have equal
  /// numbers up to one, as long as their samples last. Training
  /// samples come from the start of the order, test samples (of data without a test set of their own) from its end: the
  /// test samples are the same for any number of training samples, and a smaller training set begins a larger one.
  /// Data without labels are taken first-come.
  case balanced
  /// Samples in the order of the file, whatever their classes: training samples from its start, test samples (of data
  /// without a test set of their own) from its end. Independent of the seed.
  case firstCome = "first-come"
}

/// Inputs, labels and optionally a test set, each in a file.
public struct DataFiles: Hashable, Sendable {
  public var inputs: ArrayReference
  public var labels: LabelReference?
  /// Without test inputs, test samples are taken from `inputs`, disjoint from the training samples.
  public var testInputs: ArrayReference?
  /// Labels of the test inputs in a file of their own; where labels are a column, the test table has the same one.
  public var testLabels: ArrayReference?

  public init(
    inputs: ArrayReference, labels: LabelReference? = nil, testInputs: ArrayReference? = nil,
    testLabels: ArrayReference? = nil
  ) {
    self.inputs = inputs
    self.labels = labels
    self.testInputs = testInputs
    self.testLabels = testLabels
  }
}

/// An array in a file: npy, npz (with the array's name), CSV or IDX, plain or gzipped where the format allows it.
public struct ArrayReference: Hashable, Sendable {
  public var path: String
  /// The name of an array inside an npz file.
  public var array: String?

  public init(path: String, array: String? = nil) {
    self.path = path
    self.array = array
  }
}

/// Where labels are: whole numbers in an array of their own, or a column of the inputs' table.
public enum LabelReference: Hashable, Sendable {
  case array(ArrayReference)
  /// A column of the table of inputs, counted from 0; −1 is the last one. It is taken out of the features.
  case column(Int)
  /// A column of the table of inputs by its name in the header line.
  case columnName(String)
}

/// Random inputs, drawn from the study's seed: sample i is the same whatever their number.
public struct SyntheticData: Hashable, Codable, Sendable {
  public enum Distribution: String, Hashable, Codable, Sendable, CaseIterable {
    /// Independent standard normal features.
    case gaussian
    /// Uniform on the sphere |x|² = n_0.
    case sphere
  }

  public var distribution: Distribution
  /// How many there are, training and test samples together.
  public var samples: Int
  /// n_0.
  public var features: Int

  public init(_ distribution: Distribution, samples: Int, features: Int) {
    self.distribution = distribution
    self.samples = samples
    self.features = features
  }
}
