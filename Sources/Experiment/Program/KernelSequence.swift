/// Kernels that run one after another.
///
/// Steps of small networks take less than a microsecond. In an array of its own a closure would be called by way of two more,
/// and kept alive for every call; as captures of other closures they are called at once.
struct KernelSequence {
  private struct Step {
    let run: Kernel
  }

  private var steps: [Step] = []

  mutating func append(_ kernel: @escaping Kernel) { steps.append(Step(run: kernel)) }

  /// All of them as one.
  var kernel: Kernel { Self.kernel(steps[...]) }

  private static func kernel(_ steps: ArraySlice<Step>) -> Kernel {
    let first = steps.startIndex
    switch steps.count {
    case 0: return {}
    case 1: return steps[first].run
    case 2:
      let (a, b) = (steps[first].run, steps[first + 1].run)
      return {
        a()
        b()
      }
    case 3:
      let (a, b, c) = (steps[first].run, steps[first + 1].run, steps[first + 2].run)
      return {
        a()
        b()
        c()
      }
    case 4:
      let (a, b, c, d) = (steps[first].run, steps[first + 1].run, steps[first + 2].run, steps[first + 3].run)
      return {
        a()
        b()
        c()
        d()
      }
    default:
      // Four parts of about equal length.
      var parts = KernelSequence()
      for part in 0..<4 {
        parts.append(kernel(steps[(first + part * steps.count / 4)..<(first + (part + 1) * steps.count / 4)]))
      }
      return parts.kernel
    }
  }
}
