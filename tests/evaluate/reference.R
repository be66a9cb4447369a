# Answers from R and its package pROC for tests/evaluate: QUESTIONS.json ANSWERS.json.
# Nothing here shares code with src/evaluate; undefined answers are NA.
suppressMessages({
  library(pROC)
  library(jsonlite)
})

curve <- function(positive, scores) roc(positive, scores, levels = c(0, 1), direction = "<", quiet = TRUE)
enough <- function(q) sum(q$positive) >= 2 && sum(1 - q$positive) >= 2

delong_variance <- function(q) if (enough(q)) var(curve(q$positive, q$scores), method = "delong") else NA

# Covariance, difference's p and interval of two curves on the same patients.
delong_paired <- function(q) {
  if (!enough(q)) return(c(NA, NA, NA, NA))
  a <- curve(q$positive, q$scores)
  b <- curve(q$positive, q$other_scores)
  test <- roc.test(a, b, method = "delong", paired = TRUE)
  c(cov(a, b, method = "delong"), test$p.value, test$conf.int[1], test$conf.int[2])
}

hand_till <- function(q) {
  scores <- as.matrix(q$probabilities)
  colnames(scores) <- seq_len(ncol(scores)) - 1
  truth <- factor(q$truth, levels = colnames(scores))
  if (any(table(truth) == 0)) return(NA)
  as.numeric(multiclass.roc(truth, scores, quiet = TRUE)$auc)
}

# Intercept, slope and their standard errors; then the intercept with the slope held at 1 and its standard error.
logistic <- function(q) {
  options(warn = -1)
  exactly <- glm.control(epsilon = 1e-14, maxit = 100)
  both <- summary(glm(q$outcome ~ q$x, family = binomial, control = exactly))$coefficients
  shift <- summary(glm(q$outcome ~ 1 + offset(q$x), family = binomial, control = exactly))$coefficients
  c(both[1, 1], both[2, 1], both[1, 2], both[2, 2], shift[1, 1], shift[1, 2])
}

holm <- function(q) p.adjust(q$p, method = "holm")

# Mean squares of seed, fold and residual by analysis of variance, turned into components; then the two spreads.
components <- function(q) {
  table <- data.frame(y = q$value, seed = factor(q$seed), fold = factor(q$fold))
  squares <- summary(aov(y ~ seed + fold, data = table))[[1]][["Mean Sq"]]
  seeds <- nlevels(table$seed)
  folds <- nlevels(table$fold)
  c((squares[1] - squares[3]) / folds, (squares[2] - squares[3]) / seeds, squares[3],
    sqrt(mean(tapply(table$y, table$fold, var))), sqrt(mean(tapply(table$y, table$seed, var))))
}

# Power, the effect found with 80 % power, and the patients that find q$effect.
paired_t <- function(q) {
  t <- function(...) power.t.test(type = "paired", alternative = "two.sided", strict = TRUE, tol = 1e-12, ...)
  c(t(n = q$n, delta = q$effect)$power, t(n = q$n, power = 0.8)$delta,
    max(2, ceiling(t(delta = q$effect, power = 0.8)$n)))
}

questions <- fromJSON(commandArgs(TRUE)[1], simplifyDataFrame = FALSE)
answers <- lapply(questions, function(q) get(q$ask)(q))
answers <- lapply(answers, function(a) { a <- as.numeric(a); a[!is.finite(a)] <- NA; a })
text <- vapply(answers, function(a) {
  numbers <- ifelse(is.na(a), "null", formatC(a, digits = 17, format = "g"))
  if (length(a) == 1) numbers else paste0("[", paste(numbers, collapse = ","), "]")
}, "")
writeLines(paste0("[", paste(text, collapse = ",\n"), "]"), commandArgs(TRUE)[2])
