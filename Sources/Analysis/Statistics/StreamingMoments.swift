/// Mean and central sums to fourth order of numbers that come one by one, mergeable.
///
/// Two halves merge into the same result as one pass, up to rounding; merging in a fixed order (of chunks, not of
/// threads) gives the same bits for any number of threads.
///
/// T. F. Chan, G. H. Golub, R. J. LeVeque (1979); third and fourth order: P. Pébay, Sandia report SAND2008-6212.
public struct StreamingMoments: Hashable, Codable, Sendable {
  public private(set) var count: Int = 0
  /// The mean; 0 while there is nothing.
  public private(set) var mean: Double = 0
  /// Σ (x − mean)², and the third and fourth powers.
  public private(set) var centralSum2: Double = 0
  public private(set) var centralSum3: Double = 0
  public private(set) var centralSum4: Double = 0

  public init() {}

  public init(_ values: some Sequence<Double>) { for value in values { add(value) } }

  /// The moments of `count` numbers whose mean and sums of powers of deviations from it are known.
  public init(count: Int, mean: Double, centralSum2: Double, centralSum3: Double, centralSum4: Double) {
    self.count = count
    self.mean = mean
    self.centralSum2 = centralSum2
    self.centralSum3 = centralSum3
    self.centralSum4 = centralSum4
  }

  /// Adds one number.
  public mutating func add(_ x: Double) {
    let before = Double(count)
    count += 1
    let n = Double(count)
    let delta = x - mean
    let share = delta / n
    let product = delta * share * before
    centralSum4 +=
      product * share * share * (n * n - 3 * n + 3) + 6 * share * share * centralSum2 - 4 * share * centralSum3
    centralSum3 += product * share * (n - 2) - 3 * share * centralSum2
    centralSum2 += product
    mean += share
  }

  /// Adds what another instance has seen.
  public mutating func merge(_ other: StreamingMoments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let (a, b) = (Double(count), Double(other.count))
    let n = a + b
    let delta = other.mean - mean
    let share = delta / n
    let sum4 =
      centralSum4 + other.centralSum4 + delta * share * share * share * a * b * (a * a - a * b + b * b)
      + 6 * share * share * (a * a * other.centralSum2 + b * b * centralSum2)
      + 4 * share * (a * other.centralSum3 - b * centralSum3)
    centralSum3 +=
      other.centralSum3 + delta * share * share * a * b * (a - b)
      + 3 * share * (a * other.centralSum2 - b * centralSum2)
    centralSum2 += other.centralSum2 + delta * share * a * b
    centralSum4 = sum4
    mean += share * b
    count += other.count
  }

  /// The unbiased variance; NaN below two numbers.
  public var variance: Double { count > 1 ? centralSum2 / Double(count - 1) : .nan }

  /// The mean with its standard error; the error is infinite below two numbers.
  public var estimate: Estimate {
    Estimate(
      value: count > 0 ? mean : .nan, error: count > 1 ? (variance / Double(count)).squareRoot() : .infinity)
  }

  /// The variance with its standard error, from the fourth moment: Var s² = κ₄/n + 2κ₂²/(n−1), estimated without bias.
  public var varianceEstimate: Estimate {
    guard count > 3 else { return Estimate(value: variance, error: .infinity) }
    let n = Double(count)
    let k4 = Cumulants.fourth(count: count, centralSum2: centralSum2, centralSum4: centralSum4)
    let square = (2 * n * variance * variance + (n - 1) * k4) / (n * (n + 1))
    return Estimate(value: variance, error: max(0, square).squareRoot())
  }

  /// Skewness √n M₃/M₂^{3/2}; 0 for a normal distribution.
  public var skewness: Double { Double(count).squareRoot() * centralSum3 / (centralSum2 * centralSum2.squareRoot()) }

  /// Excess kurtosis n M₄/M₂² − 3; 0 for a normal distribution.
  public var excessKurtosis: Double { Double(count) * centralSum4 / (centralSum2 * centralSum2) - 3 }
}
