import OrreryFindings
import OrreryTensors

/// An activation function f: ℝ → ℝ as a value: what it is, its derivatives, and what theory has to know of its shape.
///
/// The set of functions is open. A type that conforms is an activation like those that are here: ``ActivationFunction``
/// holds any of them, and `ActivationFunction.register(_:)` makes it known to descriptions. No requirement has a default,
/// because a property that is quietly wrong gives wrong numbers and no error. What follows from these properties under scales
/// and shifts is derived in ``Activation``.
///
/// Theory extends a function with closed forms of its Gaussian integrals (`ClosedFormDual`), Experiment with a slope that is
/// cheap to have from the value (`SlopeOfValue`). Both are optional: without them integrals are summed and slopes evaluated.
public protocol ActivationDescription: Hashable, Sendable {
  /// The name in descriptions.
  static var key: String { get }
  /// The parameters that a description may give, in the order in which errors list them.
  static var parameters: [ActivationFunction.ParameterDescription] { get }
  /// From a description's parameters, with defaults filled in.
  ///
  /// - Throws: `NetworkError`, as ``ActivationParameters`` gives it for values of the wrong form.
  init(parameters: ActivationParameters) throws
  /// This function's parameters and their values, as a description would give them: what is archived and hashed.
  var parameterValues: [String: ActivationParameter] { get }
  /// Checks what makes no sense although each number is finite, such as a degree below 0.
  ///
  /// - Throws: `NetworkError`.
  func validate() throws

  /// The definition, as text.
  var formula: String { get }
  /// Where the function was introduced as an activation, or as one whose wide networks can be solved.
  var publications: [Publication] { get }

  /// f or one of its first five derivatives at one place: the plain definition that `evaluate` is tested against.
  ///
  /// At a kink the value from the left is taken (ReLU′(0) = 0, as automatic differentiation has it); the distributional
  /// part of higher derivatives (ReLU″ = δ) is left out. Finite for every finite z, except where f itself overflows, and
  /// with the right limits at ±∞.
  ///
  /// - Parameter order: 0 … 5.
  func derivative(_ order: Int, at z: Double) -> Double
  /// The vector function that f^(order) is, if it is one: it is then called on whole arrays, and `evaluate` is not asked for
  /// this order.
  func elementary(_ order: Int) -> Elementwise.Function?
  /// f^(order) of a block of arguments, order 0 … 5.
  ///
  /// There is one requirement for each precision, so that the choice is made once for a block and never for a number. Write
  /// the formula once, in a generic function that both call.
  func evaluate(_ order: Int, _ block: ActivationBlock<Float>)
  /// f^(order) of a block of arguments in double precision, order 0 … 5.
  func evaluate(_ order: Int, _ block: ActivationBlock<Double>)

  /// Where f is smooth, and how smooth.
  var regularity: Regularity { get }
  /// How fast |f| grows.
  var growth: Growth { get }
  /// Whether f has waves as far out as one goes, as sin has, so that a wide Gaussian sees more of them; false when its
  /// structure lies within a few units about 0.
  var oscillates: Bool { get }
  /// What changing the sign of the argument does.
  var symmetry: FunctionSymmetry { get }
  /// The degree p of a positively homogeneous f, f(λz) = λ^p f(z) for every λ > 0; nil for others.
  var homogeneityDegree: Int? { get }
  /// Whether f is a polynomial, or made of polynomials.
  var polynomialForm: PolynomialForm { get }
}

/// Where a function is smooth on the real line, and how far into the complex plane.
public enum Regularity: Hashable, Sendable {
  /// Analytic where |Im z| is less than this; infinite for entire functions.
  case analytic(strip: Double)
  /// Smooth but at these places, in ascending order, where f or a derivative jumps.
  case kinked([Activation.Kink])

  /// One kink at 0, of the lowest derivative that jumps there.
  public static func kink(order: Int) -> Regularity { .kinked([Activation.Kink(location: 0, order: order)]) }
}

/// What changing the sign of the argument does to a function. Single points do not count, since what f is there has no
/// effect on a Gaussian expectation.
public enum FunctionSymmetry: Hashable, Sendable {
  /// f(−z) = f(z).
  case even
  /// f − `centre` is odd: f(−z) − centre = −(f(z) − centre). ½ for step and sigmoid.
  case odd(about: Double)
  case none
}

/// How a function is made of polynomials.
public enum PolynomialForm: Hashable, Sendable {
  /// f(z) = Σ_p c_p z^p on the whole line, the constant first.
  case polynomial([Double])
  /// Polynomials of at most this degree between the kinks: higher derivatives vanish there.
  case pieces(degree: Int)
  case none
}
